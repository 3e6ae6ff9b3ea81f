// A part of the page that is loaded when it is first drawn, or before, with `prefetch`.

import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { common } from '../i18n/messages/common.js';
import { Button } from './button.js';
import './lazy.css';

type Loading<P> =
  | { readonly step: 'waiting' }
  | { readonly step: 'loaded'; readonly component: ComponentType<P> }
  | { readonly step: 'failed' };

export interface Lazy<P> {
  readonly Component: ComponentType<P>;
  /** Loads it now, so that drawing it later needs no network. */
  prefetch(): void;
}

/** Wraps a dynamic import. While it loads a quiet line is shown; when it cannot be loaded, words and a button. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): Lazy<P> {
  const loading = signal<Loading<P>>({ step: 'waiting' });
  let started = false;
  function prefetch(): void {
    if (started) return;
    started = true;
    load().then(
      (component) => {
        loading.value = { step: 'loaded', component };
      },
      () => {
        // The network is gone, or a newer server no longer has this file: the button loads the page anew.
        loading.value = { step: 'failed' };
      },
    );
  }
  function Component(props: P) {
    useEffect(prefetch, []);
    const now = loading.value;
    switch (now.step) {
      case 'waiting':
        return <p class="lazy-note">{common('loading')}</p>;
      case 'loaded':
        return <now.component {...props} />;
      case 'failed':
        return (
          <div class="lazy-note" role="alert">
            <p>{common('chunkFailed')}</p>
            <Button rank="main" onClick={() => location.reload()}>
              {common('reload')}
            </Button>
          </div>
        );
    }
  }
  return { Component, prefetch };
}
