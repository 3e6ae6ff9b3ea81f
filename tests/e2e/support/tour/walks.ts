// Every walk of the tour, by theme.

import { afterwards } from './afterwards.js';
import { atTheDoor, ROOM_LIMIT } from './at-the-door.js';
import { inACall } from './in-a-call.js';
import { inTrouble } from './in-trouble.js';
import { outside } from './outside.js';
import type { Walk } from './tour.js';
import { withoutDevices } from './without-devices.js';

export const WALKS: readonly (readonly [theme: string, walk: Walk])[] = [
  ['outside of rooms', outside],
  ['at the door', atTheDoor],
  ['without devices', withoutDevices],
  ['in a call', inACall],
  ['in trouble', inTrouble],
  ['after a room', afterwards],
];

/** What the server of the tour is started with. */
export const TOUR_FLAGS = ['--room-limit', String(ROOM_LIMIT)] as const;
