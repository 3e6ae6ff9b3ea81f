// What has to be said over the stage: in words, with the button that does something about it.

import type { MaruError, Room, SourceSnapshot } from '@maru/client';
import { useSignal } from '@preact/signals';
import type { IconNode } from 'lucide';
import { MicOff, MonitorUp, ServerOff, TriangleAlert, Volume2, X } from 'lucide';
import type { ComponentChildren } from 'preact';
import { remedyFor } from '../../errors/remedy.js';
import { common } from '../../i18n/messages/common.js';
import { errorText } from '../../i18n/messages/errors.js';
import { Button } from '../../ui/button.js';
import { Icon } from '../../ui/icon.js';
import { useCall } from '../call-model.js';
import { runCommand } from '../commands.js';
import { t } from '../messages.js';
import { useMutedReminder } from './muted-reminder.js';

export function Notices() {
  const call = useCall();
  const { session, playback } = call;
  const { media } = session;
  const { camera, microphone, screen } = session.mediaState.value;
  const { signalling, error } = session.roomState.value;
  const reminded = useMutedReminder();
  return (
    <div class="notices">
      {signalling === 'reconnecting' && error === null && (
        <Notice icon={ServerOff} tone="calm">
          {t('serverGone')}
        </Notice>
      )}
      {error !== null && (
        <Notice icon={TriangleAlert} tone="danger" {...roomAction(error, session.room)}>
          {errorText(error)}
        </Notice>
      )}
      {playback.blocked.value && (
        <Notice icon={Volume2} tone="main">
          <Button rank="main" onClick={() => playback.unblock()}>
            {t('hearEveryone')}
          </Button>
        </Notice>
      )}
      <DeviceTrouble source={microphone} retry={() => void media.setMicrophone(true)} />
      <DeviceTrouble source={camera} retry={() => void media.setCamera(true)} />
      <DeviceTrouble source={screen} retry={() => void media.startScreen()} />
      {screen.status === 'on' && (
        <Notice
          icon={MonitorUp}
          tone="calm"
          action={{ name: t('stopSharing'), run: () => media.stopScreen() }}
        >
          {t('sharing')}
        </Notice>
      )}
      {reminded && (
        <Notice icon={MicOff} tone="warm" action={{ name: t('unmute'), run: () => runCommand(call, 'mic') }}>
          {t('youAreMuted')}
        </Notice>
      )}
    </div>
  );
}

/** The button that does something about an error of the room, where one does. */
function roomAction(error: MaruError, room: Room): { action?: NoticeAction } {
  switch (remedyFor(error)) {
    case 'reload':
      return { action: { name: common('reload'), run: () => location.reload() } };
    case 'retry':
      return { action: { name: t('retry'), run: () => room.retry() } };
    case null:
      return {};
  }
}

interface DeviceTroubleProps {
  readonly source: SourceSnapshot;
  readonly retry: () => void;
}

/** A failure that the person wanted otherwise, until they dismiss it or it is over. */
function DeviceTrouble({ source, retry }: DeviceTroubleProps) {
  const dismissed = useSignal<MaruError | null>(null);
  const { error } = source;
  if (error === null || error === dismissed.value) return null;
  return (
    <Notice
      icon={TriangleAlert}
      tone="danger"
      {...(error.retry ? { action: { name: t('retry'), run: retry } } : {})}
      dismiss={() => {
        dismissed.value = error;
      }}
    >
      {errorText(error)}
    </Notice>
  );
}

interface NoticeAction {
  readonly name: string;
  readonly run: () => void;
}

interface NoticeProps {
  readonly icon: IconNode;
  readonly tone: 'calm' | 'warm' | 'main' | 'danger';
  readonly action?: NoticeAction;
  readonly dismiss?: () => void;
  readonly children: ComponentChildren;
}

function Notice({ icon, tone, action, dismiss, children }: NoticeProps) {
  return (
    <div class={`notice notice-${tone}`} role={tone === 'danger' ? 'alert' : undefined}>
      <div class="notice-said">
        <Icon of={icon} size={18} />
        <div class="notice-words">{children}</div>
      </div>
      {action && (
        <button type="button" class="notice-action" onClick={action.run}>
          {action.name}
        </button>
      )}
      {dismiss && (
        <button type="button" class="notice-dismiss" aria-label={t('dismiss')} onClick={dismiss}>
          <Icon of={X} size={18} />
        </button>
      )}
    </div>
  );
}
