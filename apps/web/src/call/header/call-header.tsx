// Above the call: which room, what may be said about the connection, who is here.

import { Check, LayoutGrid, Link, LockKeyhole, PanelsTopLeft, Users } from 'lucide';
import { useEffect, useRef } from 'preact/hooks';
import { useTitle } from '../../app/title.js';
import { common } from '../../i18n/messages/common.js';
import { useCopyLink } from '../../ui/copy-link.js';
import { Icon } from '../../ui/icon.js';
import { useCall } from '../call-model.js';
import { t } from '../messages.js';
import { ConnectionBadge } from './connection-badge.js';

export function CallHeader() {
  const { session, layout, panel, toggle } = useCall();
  const { room, info, peers } = session.roomState.value;
  const { copied, copy } = useCopyLink(session.link);
  const even = layout.value === 'even';
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(room);
  // The lobby's button is gone: whoever uses the keyboard or listens begins at the top of the call.
  useEffect(() => heading.current?.focus(), []);
  const here = t('peopleCount', { count: peers.length + 1 });
  return (
    <header class="call-header">
      <h1 ref={heading} class="call-room" tabIndex={-1}>
        {room}
      </h1>
      <ConnectionBadge peers={peers} topology={info?.topology} />
      {info?.locked && (
        <p class="badge">
          <Icon of={LockKeyhole} size={14} />
          <span>{t('locked')}</span>
        </p>
      )}
      <div class="call-tools">
        <button type="button" class="tool tool-copy" onClick={copy} aria-label={common('copyLink')}>
          <Icon of={copied ? Check : Link} />
          <Tip>{copied ? common('linkCopied') : common('copyLink')}</Tip>
        </button>
        {peers.length > 1 && (
          <button
            type="button"
            class="tool tool-layout"
            aria-label={t(even ? 'layoutSpeaker' : 'layoutEven')}
            onClick={() => {
              layout.value = even ? 'speaker' : 'even';
            }}
          >
            <Icon of={even ? LayoutGrid : PanelsTopLeft} />
            <Tip>{t(even ? 'layoutSpeaker' : 'layoutEven')}</Tip>
          </button>
        )}
        <button
          type="button"
          class="tool tool-people"
          aria-expanded={panel.value === 'people'}
          onClick={() => toggle('people')}
        >
          <Icon of={Users} />
          <span class="visually-hidden">{t('people')}: </span>
          <span class="tool-count">{peers.length + 1}</span>
          <Tip>{here}</Tip>
        </button>
      </div>
    </header>
  );
}

/** What a pointer over a button shows; its accessible name says it already. */
function Tip({ children }: { readonly children: string }) {
  return (
    <span class="tip tip-under" aria-hidden="true">
      {children}
    </span>
  );
}
