// Where the page starts.

import { loadAdapterIfNeeded } from '@maru/client';
import { render } from 'preact';
import { App } from './app/app.js';
import { startRouter } from './app/router.js';
import { common } from './i18n/messages/common.js';
import { toast } from './ui/toast.js';
import './styles/tokens.css';
import './styles/base.css';

const root = document.getElementById('app');
if (root === null) throw new Error('index.html has no #app');

startRouter();
try {
  await loadAdapterIfNeeded();
} catch {
  // An old browser did not get what it lacks: home still works, and a call says what fails.
  toast(common('chunkFailed'));
}
render(<App />, root);
