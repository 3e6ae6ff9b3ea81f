// Turns the pages of people, where there are more than fit onto one.

import { ChevronLeft, ChevronRight } from 'lucide';
import { useEffect } from 'preact/hooks';
import { announce } from '../ui/announcer.js';
import { Icon } from '../ui/icon.js';
import { isTyping } from './bar/shortcuts.js';
import { t } from './messages.js';

interface PagerProps {
  /** From 0. */
  readonly page: number;
  readonly pages: number;
  readonly onTurn: (page: number) => void;
}

export function Pager({ page, pages, onTurn }: PagerProps) {
  const turn = (by: number): void => {
    const next = Math.min(pages - 1, Math.max(0, page + by));
    if (next === page) return;
    onTurn(next);
    announce(t('saidPage', { page: next + 1, pages }));
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const by = event.key === 'PageDown' ? 1 : event.key === 'PageUp' ? -1 : 0;
      if (by === 0 || event.defaultPrevented || isTyping(event.target)) return;
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      event.preventDefault();
      turn(by);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
  return (
    <nav class="pager" aria-label={t('pagesOfPeople')}>
      {/* Stays in reach of the keyboard at the last page: a button that goes takes the focus with it. */}
      <button
        type="button"
        class="pager-turn"
        aria-label={t('pageBefore')}
        aria-disabled={page === 0}
        onClick={() => turn(-1)}
      >
        <Icon of={ChevronLeft} />
      </button>
      <p class="pager-page">
        <span aria-hidden="true">{`${page + 1} / ${pages}`}</span>
        <span class="visually-hidden">{t('saidPage', { page: page + 1, pages })}</span>
      </p>
      <button
        type="button"
        class="pager-turn"
        aria-label={t('pageAfter')}
        aria-disabled={page === pages - 1}
        onClick={() => turn(1)}
      >
        <Icon of={ChevronRight} />
      </button>
    </nav>
  );
}
