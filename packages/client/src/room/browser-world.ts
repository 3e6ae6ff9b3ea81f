// A room's world in a browser: its WebSocket, its events, its RTCPeerConnection.

import { browserEnv } from '../env/browser-env.js';
import { createLinkFactory } from '../link/link-factory.js';
import { loadCare } from '../link/load-care.js';
import { browserWakeups } from '../signalling/browser-wakeups.js';
import { webSocket } from '../signalling/websocket-socket.js';
import { createTrace } from '../trace/trace.js';
import type { RoomWorld } from './world.js';

/** The browser's world, with the given parts replaced. */
export function browserWorld(replaced: Partial<RoomWorld> = {}): RoomWorld {
  const env = replaced.env ?? browserEnv;
  return {
    env,
    trace: createTrace(env),
    sockets: webSocket,
    wakeups: browserWakeups,
    links: createLinkFactory,
    connect: (configuration) => new RTCPeerConnection(configuration),
    upload: loadCare,
    sfu: () => import('../sfu/run-sfu.js'),
    ...replaced,
  };
}
