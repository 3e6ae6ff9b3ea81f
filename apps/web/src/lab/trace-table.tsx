// The trace as it grows: each step with its time, its end, its name and its meaning.

import type { TraceEvent } from '@maru/client';
import { lab as t } from '../i18n/messages/lab.js';
import { memo } from './memo.js';
import { detail, meaning, stepName } from './trace-words.js';

interface TraceTableProps {
  readonly events: readonly TraceEvent[];
  /** Times are counted from here, in milliseconds on the clock of the events. */
  readonly since: number;
}

export function TraceTable({ events, since }: TraceTableProps) {
  if (events.length === 0) return <p class="lab-empty">{t('traceEmpty')}</p>;
  return (
    <table class="trace">
      <thead>
        <tr>
          <th scope="col">{t('time')}</th>
          <th scope="col">{t('end')}</th>
          <th scope="col">{t('step')}</th>
          <th scope="col">{t('meaning')}</th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <Row key={event.seq} event={event} since={since} />
        ))}
      </tbody>
    </table>
  );
}

// A row never changes: only new ones are drawn as the trace grows.
const Row = memo(function Row({ event, since }: { readonly event: TraceEvent; readonly since: number }) {
  const more = detail(event);
  return (
    <tr>
      <td class="trace-time">{t('milliseconds', { ms: Math.max(0, event.at - since).toFixed(1) })}</td>
      <td>
        <End event={event} />
      </td>
      <td>
        <code>{stepName(event)}</code>
      </td>
      <td>
        {meaning(event)}
        {more && (
          <details>
            <summary>{more.label}</summary>
            <pre tabindex={0}>{more.text}</pre>
          </details>
        )}
      </td>
    </tr>
  );
});

function End({ event }: { readonly event: TraceEvent }) {
  const peer = 'peer' in event ? event.peer : null;
  if (peer !== 'local' && peer !== 'remote') return null;
  return <span class={`trace-end trace-end-${peer}`}>{t(peer)}</span>;
}
