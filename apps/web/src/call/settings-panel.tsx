// More: devices, the door, the language, the keys.

import { Globe, LockKeyhole, LockKeyholeOpen } from 'lucide';
import { DeviceSelects } from '../devices/device-selects.js';
import { LANGUAGE_NAMES, LANGUAGES, language, setLanguage } from '../i18n/language.js';
import { Button } from '../ui/button.js';
import { type Command, SHORTCUTS } from './bar/shortcuts.js';
import { useCall } from './call-model.js';
import { t } from './messages.js';
import { Panel } from './panel.js';
import { toggleLock } from './people/lock.js';

export function SettingsPanel() {
  const { session } = useCall();
  const { room } = session;
  const locked = session.roomState.value.info?.locked === true;
  return (
    <Panel title={t('moreTitle')}>
      <div class="settings">
        <DeviceSelects session={session} look="rows" />
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
