// Your name and the one big button.

import { MAX_DISPLAY_NAME_LENGTH, normalizeDisplayName } from '@maru/protocol';
import { type Signal, useSignal } from '@preact/signals';
import { useId, useRef, useState } from 'preact/hooks';
import { rememberName } from '../app/names.js';
import type { Session } from '../app/session.js';
import { lobby as t } from '../i18n/messages/lobby.js';
import { Button } from '../ui/button.js';
import { entryOf } from './entry.js';
import type { JoinWish } from './join-wish.js';
import { Readiness } from './readiness.js';

interface JoinFormProps {
  readonly session: Session;
  readonly wish: JoinWish;
  /** What the name field holds. */
  readonly name: Signal<string>;
}

export function JoinForm({ session, wish, name }: JoinFormProps) {
  const field = useRef<HTMLInputElement>(null);
  const problem = useSignal<'nameMissing' | 'nameUnusable' | null>(null);
  // The field starts with the suggestion and is the person's from then on.
  const [suggested] = useState(name.peek());
  const fieldId = useId();
  const problemId = useId();
  const entry = entryOf(session.roomState.value);
  const waiting = wish.name.value !== null;

  function submit(event: Event): void {
    event.preventDefault();
    const typed = field.current?.value ?? '';
    const usable = normalizeDisplayName(typed);
    if (usable === null) {
      problem.value = typed.trim() === '' ? 'nameMissing' : 'nameUnusable';
      field.current?.focus();
      return;
    }
    rememberName(usable);
    wish.want(usable);
  }

  return (
    <form class="join-form" onSubmit={submit} noValidate>
      <label for={fieldId}>{t('yourName')}</label>
      <input
        id={fieldId}
        ref={field}
        class="name-field"
        type="text"
        name="name"
        defaultValue={suggested}
        // Twice the limit: a name may be typed decomposed; the rule itself counts after normalisation (ROOM-2).
        maxLength={MAX_DISPLAY_NAME_LENGTH * 2}
        autocomplete="nickname"
        enterkeyhint="go"
        spellcheck={false}
        aria-invalid={problem.value !== null}
        aria-describedby={problem.value === null ? undefined : problemId}
        onInput={(event) => {
          problem.value = null;
          name.value = event.currentTarget.value;
        }}
      />
      {problem.value !== null && (
        <p id={problemId} class="lobby-problem" role="alert">
          {t(problem.value)}
        </p>
      )}
      {waiting && entry.state !== 'ready' && entry.state !== 'joining' && entry.state !== 'connecting' ? (
        <Button rank="outline" size="large" onClick={() => wish.giveUp()}>
          {t('stopWaiting')}
        </Button>
      ) : (
        <Button type="submit" rank="main" size="large" aria-disabled={waiting}>
          {waiting ? t('joining') : t('join')}
        </Button>
      )}
      <Readiness session={session} entry={entry} waiting={waiting} refusal={wish.refusal.value} />
    </form>
  );
}
