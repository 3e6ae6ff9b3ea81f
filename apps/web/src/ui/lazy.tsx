// A part of the page that is loaded when it is first drawn, or before, with `prefetch`.

import { signal } from '@preact/signals';
import { CloudOff } from 'lucide';
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Notice } from '../errors/notice.js';
import { common } from '../i18n/messages/common.js';
import { Button } from './button.js';
import './lazy.css';

type Loading<P> =
  | { readonly step: 'idle' }
  | { readonly step: 'loading' }
  | { readonly step: 'loaded'; readonly component: ComponentType<P> }
  | { readonly step: 'failed' };

export interface Lazy<P> {
  readonly Component: ComponentType<P>;
  /** Loads it now, so that drawing it later needs no network. Tries again what has failed. */
  prefetch(): void;
}

/** How long after a failure a part that is being waited for is tried again: about as long as a server restarts. */
const RETRY_MS = 2_000;

/** Wraps a dynamic import. While it loads a quiet line is shown; while it cannot be loaded, words and a button. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): Lazy<P> {
  const loading = signal<Loading<P>>({ step: 'idle' });

  function prefetch(): void {
    const { step } = loading.peek();
    if (step === 'loading' || step === 'loaded') return;
    loading.value = { step: 'loading' };
    load().then(
      (component) => {
        loading.value = { step: 'loaded', component };
      },
      () => {
        // The network is gone for now, or a newer server no longer has this file: the button loads the page anew.
        loading.value = { step: 'failed' };
      },
    );
  }

  function Component(props: P) {
    const now = loading.value;
    // Once they are shown, the words stay while the next try is under way.
    const [hasFailed, setHasFailed] = useState(false);
    useEffect(prefetch, []);
    useEffect(() => {
      if (loading.peek().step !== 'failed') return;
      setHasFailed(true);
      const timer = setTimeout(prefetch, RETRY_MS);
      return () => clearTimeout(timer);
    }, [now.step]);
    if (now.step === 'loaded') return <now.component {...props} />;
    if (!hasFailed) {
      return (
        <main class="lazy-note">
          <p>{common('loading')}</p>
        </main>
      );
    }
    return (
      <Notice icon={CloudOff} title={common('chunkFailedTitle')} text={common('chunkFailed')}>
        <Button rank="main" onClick={() => location.reload()}>
          {common('reload')}
        </Button>
      </Notice>
    );
  }
  return { Component, prefetch };
}
