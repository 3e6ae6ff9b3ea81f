// The call: everything between joining and leaving.

import { useEffect, useMemo } from 'preact/hooks';
import type { Session } from '../app/session.js';
import { ControlBar } from './bar/control-bar.js';
import { commandOf, isTyping } from './bar/shortcuts.js';
import { type CallModel, CallProvider, createCallModel, type PanelName } from './call-model.js';
import { ChatPanel } from './chat/chat-panel.js';
import { runCommand } from './commands.js';
import { CallHeader } from './header/call-header.js';
import { Notices } from './notices/notices.js';
import { useAnnouncements } from './notices/use-announcements.js';
import { PeoplePanel } from './people/people-panel.js';
import { isPopoverOpen } from './popovers.js';
import { SettingsPanel } from './settings-panel.js';
import { Stage } from './stage.js';
import { useCaptureUnblocks } from './tile/use-capture-unblocks.js';
import { useWakeLock } from './wake-lock.js';
import './call.css';
import './bar/bar.css';
import './panel.css';
import './chat/chat.css';
import './notices/notices.css';
import './tile/tile.css';

export function CallScreen({ session }: { readonly session: Session }) {
  const call = useMemo(() => createCallModel(session), [session]);
  const panel = call.panel.value;
  useKeys(call);
  useAnnouncements(session.roomState);
  useWakeLock();
  useCaptureUnblocks(call);
  return (
    <CallProvider value={call}>
      <main class="call" data-panel={panel ?? 'none'}>
        <CallHeader />
        <div class="call-body">
          <div class="call-stage">
            <Stage />
            <Notices />
          </div>
          {panel && <OpenPanel name={panel} />}
        </div>
        <ControlBar />
      </main>
    </CallProvider>
  );
}

function OpenPanel({ name }: { readonly name: PanelName }) {
  switch (name) {
    case 'chat':
      return <ChatPanel />;
    case 'people':
      return <PeoplePanel />;
    case 'settings':
      return <SettingsPanel />;
  }
}

/** The keys of the call, anywhere but where the person writes; Escape closes a panel everywhere. */
function useKeys(call: CallModel): void {
  useEffect(() => {
    const scope = new AbortController();
    document.addEventListener(
      'keydown',
      (event) => {
        if (event.defaultPrevented) return;
        if (event.key === 'Escape' && !event.isComposing) {
          // A popover closes itself first, by the browser's own hand.
          if (!isPopoverOpen()) call.closePanel();
          return;
        }
        const command = isTyping(event.target) ? null : commandOf(event);
        if (command === null) return;
        event.preventDefault();
        runCommand(call, command);
      },
      { signal: scope.signal },
    );
    return () => scope.abort();
  }, [call]);
}
