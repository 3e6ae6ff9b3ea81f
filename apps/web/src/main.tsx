// Where the page starts.

import { loadAdapterIfNeeded } from '@maru/client';
import { render } from 'preact';
import { App } from './app/app.js';
import { startRouter } from './app/router.js';
import './styles/tokens.css';
import './styles/base.css';

const root = document.getElementById('app');
if (root === null) throw new Error('index.html has no #app');

startRouter();
await loadAdapterIfNeeded();
render(<App />, root);
