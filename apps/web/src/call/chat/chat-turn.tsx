// One person's lines in a row, under their name and the time.

import { language } from '../../i18n/language.js';
import { t } from '../messages.js';
import type { ChatTurn } from './chat-turns.js';
import { textPieces } from './text-links.js';

export function ChatTurnView({ turn }: { readonly turn: ChatTurn }) {
  return (
    <section class="chat-turn" data-own={turn.from === null}>
      <p class="chat-by">
        <span>{turn.from === null ? t('chatYou') : turn.name}</span>
        {' · '}
        <time dateTime={new Date(turn.at).toISOString()}>{timeOfDay(turn.at)}</time>
      </p>
      {turn.lines.map((line) => (
        <p key={line.id} class="chat-line">
          <ChatText text={line.text} />
        </p>
      ))}
    </section>
  );
}

function ChatText({ text }: { readonly text: string }) {
  return (
    <>
      {textPieces(text).map((piece) =>
        piece.kind === 'text' ? (
          piece.text
        ) : (
          <a href={piece.href} target="_blank" rel="noopener noreferrer">
            {piece.text}
          </a>
        ),
      )}
    </>
  );
}

/** Hours and minutes in the page's language, 10:02. */
function timeOfDay(at: number): string {
  return new Intl.DateTimeFormat(language.value, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at);
}
