// The rooms of lately, each a link, each removable; nothing at all while there are none.

import { X } from 'lucide';
import { roomPath } from '../app/route.js';
import { translator } from '../i18n/i18n.js';
import { homeMessages } from '../i18n/messages/home.js';
import { announce } from '../ui/announcer.js';
import { Icon } from '../ui/icon.js';
import { forgetRoom, recentRooms } from './recent-rooms.js';

const t = translator(homeMessages);

export function RecentRooms() {
  const rooms = recentRooms.value;
  if (rooms.length === 0) return null;
  return (
    <section class="recent" aria-labelledby="recent-title">
      <h2 id="recent-title" class="recent-title">
        {t('recent')}
      </h2>
      <ul class="recent-list">
        {rooms.map((room) => (
          <li key={room} class="recent-room">
            <a href={roomPath(room) ?? '/'}>{room}</a>
            <button type="button" aria-label={t('forget', { room })} onClick={() => forget(room)}>
              <Icon of={X} size={15} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function forget(room: string): void {
  forgetRoom(room);
  announce(t('forgotten', { room }));
}
