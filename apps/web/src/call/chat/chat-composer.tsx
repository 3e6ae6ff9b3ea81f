// The field to write in: grows with what is written, Enter sends.

import { useSignal } from '@preact/signals';
import { ArrowUp } from 'lucide';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../../ui/icon.js';
import { useCall } from '../call-model.js';
import { t } from '../messages.js';
import { excess, sendable, sendsOn } from './draft.js';

/** The field grows up to this, in CSS pixels, then scrolls. */
const TALLEST_PX = 132;

export function ChatComposer() {
  const { session } = useCall();
  const field = useRef<HTMLTextAreaElement>(null);
  const draft = useSignal('');
  const failed = useSignal(false);
  const hint = useId();
  // Before the next key can arrive: what is typed into an open chat must never be taken for a shortcut.
  useLayoutEffect(() => field.current?.focus(), []);
  useLayoutEffect(() => grow(field.current), [draft.value]);

  const tooMany = excess(draft.value);
  const words = tooMany > 0 ? t('chatTooLong', { count: tooMany }) : failed.value ? t('chatFailed') : null;

  function send(): void {
    const text = sendable(draft.value);
    if (text === null) return;
    failed.value = !session.room.chat(text);
    if (!failed.value) draft.value = '';
    field.current?.focus();
  }

  return (
    <form
      class="chat-composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {words && (
        <p id={hint} class="chat-hint" role="alert">
          {words}
        </p>
      )}
      <textarea
        ref={field}
        rows={1}
        value={draft.value}
        placeholder={t('chatInput')}
        aria-label={t('chatInput')}
        aria-invalid={tooMany > 0}
        aria-describedby={words ? hint : undefined}
        enterkeyhint="send"
        onInput={(event) => {
          draft.value = event.currentTarget.value;
          failed.value = false;
        }}
        onKeyDown={(event) => {
          if (!sendsOn(event)) return;
          event.preventDefault();
          send();
        }}
      />
      <button
        type="submit"
        class="chat-send"
        aria-label={t('chatSend')}
        disabled={sendable(draft.value) === null}
      >
        <Icon of={ArrowUp} />
      </button>
    </form>
  );
}

function grow(field: HTMLTextAreaElement | null): void {
  if (!field) return;
  field.style.height = 'auto';
  field.style.height = `${Math.min(field.scrollHeight, TALLEST_PX)}px`;
}
