// The outside world of a room: everything that a test, or another environment than a browser, may replace.

import type { Env } from '../env/env.js';
import type { LinkFactory, LinkWorld } from '../link/peer-link.js';
import type { SfuModule } from '../sfu/sfu-world.js';
import type { SocketFactory } from '../signalling/socket.js';
import type { Wakeups } from '../signalling/wakeups.js';
import type { Trace } from '../trace/trace-event.js';
import type { UploadModule } from '../upload/upload.js';

export interface RoomWorld {
  readonly env: Env;
  readonly trace: Trace;
  readonly sockets: SocketFactory;
  readonly wakeups: Wakeups;
  /** Makes the factory of this room's links. */
  links(world: LinkWorld): LinkFactory;
  /** Makes a connection; `new RTCPeerConnection` in a browser. */
  connect(configuration: RTCConfiguration): RTCPeerConnection;
  /** Loads what shares the upload among peers. */
  upload(): Promise<UploadModule>;
  /** Loads what rooms with an SFU need. */
  sfu(): Promise<SfuModule>;
}
