// The seam between a room and its way through the SFU, which is loaded apart from the page.

import type { parsePeerMessage, parseSfuNotice, ServerMessageOf, Topology } from '@maru/protocol';
import type * as InCall from '../in-call.js';
import type { LinkWorld, PeerLinkOptions } from '../link/peer-link.js';
import type { openConnection } from '../link/rtc-connection.js';
import type { sendTracks } from '../link/rtc-effects.js';
import type { replaced } from '../replaced.js';
import type { Admission } from '../room/admission.js';
import type { Lobby } from '../room/lobby.js';
import type { Members } from '../room/members.js';
import type { OwnPresence } from '../room/presence.js';
import type { Channel } from '../signalling/channel.js';

/** What the way through the SFU needs of the room around it. What the entry holds as well is passed in. */
export interface SfuWorld extends LinkWorld {
  readonly channel: Pick<Channel, 'up' | 'ask' | 'videoCodecs'>;
  readonly admission: Pick<Admission, 'stance'>;
  readonly lobby: Pick<Lobby, 'occupancy' | 'peeked'>;
  readonly members: Pick<Members, 'ids' | 'get' | 'shown' | 'relink'>;
  readonly own: Pick<OwnPresence, 'tracks'>;
  /** How a room that this client makes begins. */
  readonly wish: Topology | undefined;
  /** Makes a link of a mesh. */
  mesh(options: PeerLinkOptions): ReturnType<Parameters<Members['relink']>[0]>;
  /** What the room says of it has changed. */
  onChange(): void;
  readonly care: Pick<typeof InCall, 'probePath' | 'summarize' | 'whyNoPath'>;
  readonly parseSfuNotice: typeof parseSfuNotice;
  readonly parsePeerMessage: typeof parsePeerMessage;
  readonly replaced: typeof replaced;
  readonly openConnection: typeof openConnection;
  readonly sendTracks: typeof sendTracks;
}

/** The way through the SFU of one room, until it is closed. */
export interface Sfu {
  /** In the lobby: whether the link stands, or could not be made in a few seconds, or cannot be made before joining. */
  readonly ready: boolean;
  /** Who speaks most of all; null while nobody has, and without the SFU. */
  readonly speaker: string | null;
  /** Something about the room may have changed: compares what is with what should be. Cheap. */
  look(): void;
  /** The server says that the SFU has lost a link. */
  lost(link: string): void;
  /** The server says who is in the slots of a link that cannot hear it from the SFU yet. */
  seated(seats: ServerMessageOf<'sfu-seats'>): void;
  /** The network may have changed. */
  hint(): void;
  close(): void;
}

/** The chunk of what only rooms with an SFU need; ahead in every call, as a room may become one. */
export interface SfuModule {
  runSfu(world: SfuWorld): Sfu;
}
