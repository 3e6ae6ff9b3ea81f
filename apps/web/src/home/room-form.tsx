// The one field of the home screen: a room's name, or a pasted link.

import { useSignal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import { navigate } from '../app/router.js';
import { translator } from '../i18n/i18n.js';
import { homeMessages } from '../i18n/messages/home.js';
import { Button } from '../ui/button.js';
import { pathOfTyped } from './room-names.js';

const t = translator(homeMessages);

export function RoomForm() {
  const field = useRef<HTMLInputElement>(null);
  const problem = useSignal<'roomNameMissing' | 'roomNameUnusable' | null>(null);
  const problemId = useId();

  function submit(event: Event): void {
    event.preventDefault();
    const text = field.current?.value ?? '';
    const path = pathOfTyped(text, location.origin);
    if (path !== null) {
      navigate(path);
      return;
    }
    problem.value = text.trim() === '' ? 'roomNameMissing' : 'roomNameUnusable';
    field.current?.focus();
  }

  return (
    <form onSubmit={submit} noValidate>
      <div class="room-field">
        <input
          ref={field}
          type="text"
          name="room"
          aria-label={t('roomName')}
          placeholder={t('roomName')}
          aria-invalid={problem.value !== null}
          aria-describedby={problem.value === null ? undefined : problemId}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          enterkeyhint="go"
          onInput={() => {
            problem.value = null;
          }}
        />
        <Button type="submit" rank="main">
          {t('enter')}
        </Button>
      </div>
      {problem.value !== null && (
        <p id={problemId} class="field-problem" role="alert">
          {t(problem.value)}
        </p>
      )}
    </form>
  );
}
