export type { Room } from './room/room.js';
