// The controls of a call, always in the same place and order.

import {
  Ellipsis,
  Hand,
  MessageSquare,
  Mic,
  MicOff,
  MonitorUp,
  MonitorX,
  Phone,
  Video,
  VideoOff,
} from 'lucide';
import { useRef } from 'preact/hooks';
import { useCall } from '../call-model.js';
import { isOn, runCommand } from '../commands.js';
import { t } from '../messages.js';
import { BarButton } from './bar-button.js';
import { type Command, SHORTCUTS } from './shortcuts.js';
import { useToolbarKeys } from './toolbar-keys.js';

export function ControlBar() {
  const call = useCall();
  const bar = useRef<HTMLDivElement>(null);
  useToolbarKeys(bar);
  const { camera, microphone, screen, canShareScreen } = call.session.mediaState.value;
  const hand = call.session.roomState.value.self?.state.hand === true;
  const unread = call.unread.value;
  const panel = call.panel.value;
  const press = (command: Command) => ({
    shortcut: SHORTCUTS[command],
    onPress: () => runCommand(call, command),
  });
  const micOn = isOn(microphone);
  const cameraOn = isOn(camera);
  const sharing = isOn(screen);
  return (
    <div ref={bar} class="bar" role="toolbar" aria-label={t('controls')}>
      <BarButton
        {...press('mic')}
        name={t(micOn ? 'mute' : 'unmute')}
        icon={micOn ? Mic : MicOff}
        look={microphone.status === 'on' && micOn ? 'plain' : 'inverted'}
        busy={microphone.status === 'starting'}
        trouble={microphone.error !== null}
      />
      <BarButton
        {...press('camera')}
        name={t(cameraOn ? 'cameraTurnOff' : 'cameraTurnOn')}
        icon={cameraOn ? Video : VideoOff}
        look={camera.status === 'on' && cameraOn ? 'plain' : 'inverted'}
        busy={camera.status === 'starting'}
        trouble={camera.error !== null}
      />
      {canShareScreen && (
        <BarButton
          {...press('screen')}
          name={t(sharing ? 'stopSharing' : 'share')}
          icon={sharing ? MonitorX : MonitorUp}
          look={sharing ? 'inverted' : 'plain'}
          busy={screen.status === 'starting'}
        />
      )}
      <BarButton
        {...press('hand')}
        name={t(hand ? 'lowerHand' : 'raiseHand')}
        icon={Hand}
        look={hand ? 'inverted' : 'plain'}
      />
      <BarButton
        {...press('chat')}
        name={unread > 0 ? `${t('chat')}, ${t('unread', { count: unread })}` : t('chat')}
        icon={MessageSquare}
        count={unread}
        expanded={panel === 'chat'}
      />
      <BarButton
        name={t('more')}
        icon={Ellipsis}
        expanded={panel === 'settings'}
        onPress={() => call.toggle('settings')}
      />
      <BarButton {...press('leave')} name={t('leave')} icon={Phone} look="danger" />
    </div>
  );
}
