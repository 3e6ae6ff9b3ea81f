// The chat: what was said, and a field to say something.

import { useSignal } from '@preact/signals';
import { ArrowDown } from 'lucide';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '../../ui/button.js';
import { useCall } from '../call-model.js';
import { t } from '../messages.js';
import { Panel } from '../panel.js';
import { ChatComposer } from './chat-composer.js';
import { ChatTurnView } from './chat-turn.js';
import { chatTurns } from './chat-turns.js';

/** Nearer than this to the end, in CSS pixels, counts as being at the end. */
const AT_END_PX = 48;

export function ChatPanel() {
  const call = useCall();
  const { chat: entries, info } = call.session.roomState.value;
  const empty = info?.topology === 'sfu' ? 'chatEmptyThroughServer' : 'chatEmpty';
  const log = useRef<HTMLDivElement>(null);
  const atEnd = useSignal(true);
  const newest = entries.at(-1);

  useLayoutEffect(() => {
    if (atEnd.peek() || newest?.from === null) toEnd(log.current);
  }, [newest, atEnd]);
  useEffect(() => {
    if (newest && atEnd.value) call.markRead();
  }, [newest, atEnd.value, call]);

  return (
    <Panel title={t('chat')} focusInside>
      <div
        ref={log}
        class="chat-log"
        role="log"
        // New lines are said by the page's one announcer.
        aria-live="off"
        aria-label={t('chat')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
        tabIndex={0}
        onScroll={(event) => {
          const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
          atEnd.value = scrollHeight - scrollTop - clientHeight <= AT_END_PX;
        }}
      >
        {entries.length === 0 && <p class="chat-empty">{t(empty)}</p>}
        {chatTurns(entries).map((turn) => (
          <ChatTurnView key={turn.id} turn={turn} />
        ))}
      </div>
      {!atEnd.value && call.unread.value > 0 && (
        <div class="chat-newest">
          <Button rank="main" icon={ArrowDown} onClick={() => toEnd(log.current)}>
            {t('chatNewest')}
          </Button>
        </div>
      )}
      <ChatComposer />
    </Panel>
  );
}

function toEnd(log: HTMLElement | null): void {
  if (log) log.scrollTop = log.scrollHeight;
}
