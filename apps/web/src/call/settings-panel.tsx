// More: devices, the door, the language, the keys.

import type { Device } from '@maru/client';
import type { IconNode } from 'lucide';
import { Globe, LockKeyhole, LockKeyholeOpen, Mic, Video, Volume2 } from 'lucide';
import { deviceChoices } from '../app/device-choices.js';
import { LANGUAGE_NAMES, LANGUAGES, language, setLanguage } from '../i18n/language.js';
import { Button } from '../ui/button.js';
import { SelectChip } from '../ui/select-chip.js';
import { type Command, SHORTCUTS } from './bar/shortcuts.js';
import { useCall } from './call-model.js';
import { t } from './messages.js';
import { Panel } from './panel.js';
import { toggleLock } from './people/lock.js';

export function SettingsPanel() {
  const { session } = useCall();
  const { media, room } = session;
  const now = session.mediaState.value;
  const locked = session.roomState.value.info?.locked === true;
  return (
    <Panel title={t('moreTitle')}>
      <div class="settings">
        <DeviceSelect
          label={t('camera')}
          icon={Video}
          devices={now.cameras}
          chosen={now.camera.deviceId}
          running={deviceOf(now.camera.track)}
          nth={(number) => t('cameraNumber', { number })}
          onChoose={(id) => void media.chooseCamera(id)}
        />
        <DeviceSelect
          label={t('microphone')}
          icon={Mic}
          devices={now.microphones}
          chosen={now.microphone.deviceId}
          running={deviceOf(now.microphone.track)}
          nth={(number) => t('microphoneNumber', { number })}
          onChoose={(id) => void media.chooseMicrophone(id)}
        />
        {now.canChooseSpeaker && (
          <DeviceSelect
            label={t('speaker')}
            icon={Volume2}
            devices={now.speakers}
            chosen={now.speakerId}
            running={null}
            nth={(number) => t('speakerNumber', { number })}
            onChoose={(id) => media.chooseSpeaker(id)}
          />
        )}
        <div class="settings-row">
          <Button icon={locked ? LockKeyholeOpen : LockKeyhole} onClick={() => void toggleLock(room)}>
            {t(locked ? 'unlock' : 'lock')}
          </Button>
          {LANGUAGES.filter((each) => each !== language.value).map((each) => (
            <Button key={each} icon={Globe} lang={each} onClick={() => setLanguage(each)}>
              {LANGUAGE_NAMES[each]}
            </Button>
          ))}
        </div>
        <ShortcutList />
      </div>
    </Panel>
  );
}

interface DeviceSelectProps {
  readonly label: string;
  readonly icon: IconNode;
  readonly devices: readonly Device[];
  readonly chosen: string | null;
  /** The device that the running track says it comes from. */
  readonly running: string | null;
  /** What to call a device whose label the browser keeps to itself. */
  readonly nth: (n: number) => string;
  readonly onChoose: (id: string | null) => void;
}

function DeviceSelect({ label, icon, devices, chosen, running, nth, onChoose }: DeviceSelectProps) {
  const words = { byDefault: t('systemDefault'), none: t('noDevice'), nth };
  const { choices, value } = deviceChoices(devices, chosen, running, words);
  return (
    <div class="settings-device">
      <p aria-hidden="true">{label}</p>
      <SelectChip
        label={label}
        icon={icon}
        choices={choices}
        value={value}
        disabled={choices.length < 2}
        onChoose={(id) => onChoose(id === '' ? null : id)}
      />
    </div>
  );
}

/** The device of a running track (W3C mediacapture-streams, `deviceId` of the settings). */
function deviceOf(track: MediaStreamTrack | null): string | null {
  return track?.getSettings().deviceId ?? null;
}

const NAMED: readonly Command[] = ['mic', 'camera', 'screen', 'hand', 'chat', 'leave'];

function ShortcutList() {
  const words = {
    mic: t('shortcutMic'),
    camera: t('shortcutCamera'),
    screen: t('shortcutScreen'),
    hand: t('shortcutHand'),
    chat: t('shortcutChat'),
    leave: t('shortcutLeave'),
  };
  return (
    <section class="settings-keys">
      <h3>{t('shortcuts')}</h3>
      <dl>
        {NAMED.map((command) => (
          <div key={command}>
            <dt>{words[command]}</dt>
            <dd>
              <kbd>{SHORTCUTS[command]}</kbd>
            </dd>
          </div>
        ))}
        <div>
          <dt>{t('shortcutClose')}</dt>
          <dd>
            <kbd>Esc</kbd>
          </dd>
        </div>
      </dl>
    </section>
  );
}
