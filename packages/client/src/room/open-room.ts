// Opens a room: puts the channel, the lobby, the members, chat and presence together behind one snapshot.

import {
  normalizeDisplayName,
  normalizeRoomName,
  type PeerState,
  parsePeerMessage,
  parseSfuNotice,
} from '@maru/protocol';
import type { Timer } from '../env/env.js';
import { loadCare } from '../link/load-care.js';
import type { LinkWorld } from '../link/peer-link.js';
import { openConnection } from '../link/rtc-connection.js';
import { sendTracks } from '../link/rtc-effects.js';
import { MaruError } from '../maru-error.js';
import { replaced } from '../replaced.js';
import type { Sfu } from '../sfu/sfu-world.js';
import { type ChannelStatus, createChannel } from '../signalling/channel.js';
import type { Upload, UploadOptions } from '../upload/upload.js';
import { Admission } from './admission.js';
import { browserWorld } from './browser-world.js';
import { createChat } from './chat.js';
import { createConversation } from './conversation.js';
import { every } from './every.js';
import { createIceServers, ICE_LOOK_MS } from './ice-servers.js';
import { createLobby } from './lobby.js';
import { Members } from './members.js';
import { createOwnPresence, type RoomMedia } from './presence.js';
import type { Room, RoomSnapshot } from './room.js';
import { applyEvent } from './server-events.js';
import { signallingUrl } from './signalling-url.js';
import { errorOf, phaseOf, selfOf, signallingOf } from './snapshot.js';
import { createSnapshotStore } from './snapshot-store.js';
import { hear, OWN_LEVELS, SILENT, SPEAKING_POLL_MS } from './speaking.js';
import type { RoomWorld } from './world.js';

export interface RoomOptions {
  /** Where the server is: an absolute `http`, `https`, `ws` or `wss` address; without a path, `/ws` is meant. */
  readonly url: string | URL;
  /** The room's name (ROOM-1). One that cannot be used shows as the error `bad-room-name`. */
  readonly room: string;
  /** The devices whose tracks are sent. They stay the caller's: `close` does not release them. */
  readonly media: RoomMedia;
  /** What the client calls itself towards the server, at most 64 characters. */
  readonly agent?: string;
  /**
   * How the upload is shared among the peers: by what each of them shows of this person. `'plain'` sends everyone the
   * same, whatever they show, and tells nobody what is shown here.
   */
  readonly upload?: UploadOptions | 'plain';
  /**
   * How a room that this client makes begins: `'sfu'` sends everything to the server, which passes on what each is shown.
   * Without it the server decides. A room that exists stays as it is.
   */
  readonly topology?: 'sfu';
  /** Parts of the outside world to use instead of the browser's. */
  readonly world?: Partial<RoomWorld>;
}

/** How soon signals are said again after the server found them too frequent and did not say how long to wait. */
const TOO_FAST_MS = 1_000;

/** How soon a part of the page is fetched again that could not be had. */
const LOAD_AGAIN_MS = 3_000;

/** Opens a room: connects to the server and looks at it from the lobby. Throws a `TypeError` for a bad address. */
export function openRoom(options: RoomOptions): Room {
  const { url, room, media, agent = 'maru-client', upload: sharing = {}, topology, world: parts } = options;
  const world = browserWorld(parts);
  const { env, trace } = world;
  const { clock } = env;
  const scope = new AbortController();
  const { signal } = scope;
  const roomName = normalizeRoomName(room);
  const iceServers = createIceServers();
  const chat = createChat(env);
  const linkWorld: LinkWorld = {
    env,
    trace,
    iceServers: () => iceServers.list,
    connect: world.connect,
    hidden: () => world.wakeups.hidden,
    iceServerFailed(url, failure) {
      if (iceServers.failed(url, failure, clock.now())) channel.ask('report', { url, failure }, {});
    },
  };
  const links = world.links(linkWorld);
  let status: ChannelStatus = { phase: 'connecting', error: null };
  let self: RoomSnapshot['self'] = null;
  let speaking = SILENT;
  const timers = new Set<Timer>();
  let upload: Upload | null = null;
  let sfu: Sfu | null = null;
  let sfuLoading = false;
  /** The part for it could not be fetched so far. */
  let sfuMissing = false;

  const own = createOwnPresence({
    media,
    signal,
    onTrack(line, track) {
      members.setTrack(line, track);
      lobby.offers.setTrack(line, track);
      sfu?.look();
    },
    onState(state) {
      members.sendAll({ type: 'presence', state });
      sayState();
      publish();
    },
  });
  const channel = createChannel({
    url: signallingUrl(url),
    agent,
    env,
    trace,
    sockets: world.sockets,
    events: {
      onUp: () => admission.up(),
      onDown() {
        admission.down();
        publish();
      },
      onStatus(next) {
        status = next;
        if (next.phase === 'closed' && next.error) admission.channelClosed(next.error);
        publish();
      },
      onEvent(event) {
        if (event.type === 'occupancy') lobby.setOccupancy(event.occupancy);
        else if (event.type === 'sfu-lost') sfu?.lost(event.link);
        else if (event.type === 'sfu-seats') sfu?.seated(event);
        else if (admission.inside && applyEvent(event, admission.inside, members, trace)) {
          publish();
          void loadAhead();
        }
      },
    },
  });
  const lobby = createLobby({
    room: roomName ?? '',
    clock,
    trace,
    channel,
    links,
    iceServers,
    tracks: () => own.tracks,
    onChange: publish,
    onPeeked: () => trace.record({ kind: 'room', step: 'peeked' }),
  });
  const members = new Members({
    env,
    trace,
    links,
    tracks: () => own.tracks,
    signal(to, data) {
      if (admission.inside?.synced) channel.signal(to, data, (error) => signalRefused(to, error));
    },
    onDataOpen: (peer) => conversation.opened(peer),
    onMessage: (peer, message) => conversation.receive(peer, message),
    onPathChange() {
      channel.wake();
      refreshIceServers();
    },
    onChange: publish,
    onGone(peer) {
      chat.forget(peer);
      members.shown.delete(peer);
    },
  });
  const conversation = createConversation({
    clock,
    chat,
    members,
    state: () => own.state,
    onChange: publish,
  });
  const admission = new Admission({
    room: roomName ?? '',
    env,
    trace,
    channel,
    lobby,
    members,
    iceServers,
    topology,
    state: () => own.state,
    onSynced(told) {
      if (own.state.rev > told.rev) sayState();
      void loadAhead();
    },
    onChange: publish,
    onLeft: free,
  });
  const store = createSnapshotStore(snapshotNow());
  const levels = every(clock, SPEAKING_POLL_MS, listen);
  const refresh = every(clock, ICE_LOOK_MS, refreshIceServers);
  world.wakeups.subscribe(
    (wakeup) => {
      // Whoever was offline has lost what its sockets stood on.
      if (wakeup === 'online') channel.renew();
      else channel.wake();
      members.hint();
      sfu?.hint();
      if (wakeup === 'online') lobby.offers.renew();
    },
    { signal },
  );
  if (roomName === null) channel.stop(new MaruError('bad-room-name'));
  else channel.wake();

  function snapshotNow(): RoomSnapshot {
    const { stance } = admission;
    const nextSelf = selfOf(stance, own.state, speaking.speaking);
    self = self && nextSelf ? replaced(self, nextSelf) : nextSelf;
    const outside = stance.at === 'lobby' || stance.at === 'joining';
    return {
      phase: phaseOf(stance),
      signalling: signallingOf(stance, status),
      room: roomName ?? room,
      occupancy: outside ? lobby.occupancy : null,
      ready: stance.at === 'lobby' && lobby.ready && (sfu?.ready ?? (sfuMissing || !needsSfu())),
      info: stance.at === 'inside' ? stance.info : null,
      self,
      peers: members.list,
      chat: chat.entries,
      speaker: sfu?.speaker ?? null,
      error: errorOf(stance, status),
    };
  }

  function publish(): void {
    if (needsSfu()) void loadSfu();
    // What it comes to is in the snapshot.
    sfu?.look();
    store.set(snapshotNow());
    if (members.mesh) upload?.look();
    else stopUpload();
  }

  /** Through the SFU one upload goes to everyone: there is nothing to share. */
  function stopUpload(): void {
    upload?.close();
    upload = null;
  }

  /** Whether the room's media goes through the SFU, or will. */
  function needsSfu(): boolean {
    return (topology ?? (admission.inside?.info ?? lobby.occupancy)?.topology) === 'sfu' || !members.mesh;
  }

  async function loadSfu(): Promise<void> {
    if (sfuLoading || signal.aborted) return;
    sfuLoading = true;
    try {
      const [{ runSfu }, care] = await Promise.all([world.sfu(), loadCare()]);
      if (signal.aborted) return;
      sfu = runSfu({
        ...linkWorld,
        ...{ channel, admission, lobby, members, own, openConnection, sendTracks, replaced, care },
        wish: topology,
        mesh: (link) => links.create(link),
        parsePeerMessage,
        parseSfuNotice,
        onChange: publish,
      });
      publish();
    } catch (error) {
      trace.trouble({ peer: '', link: '' }, 'error', 'sfu', error);
      if (signal.aborted) return;
      sfuMissing = true;
      publish();
      after(LOAD_AGAIN_MS, () => {
        sfuLoading = false;
        publish();
      });
    }
  }

  /** Parts that the call needs, or will when the room grows: loaded while the server is there, and has them as we know them. */
  async function loadAhead(): Promise<void> {
    try {
      await Promise.all([loadUpload(), world.sfu()]);
    } catch (error) {
      // A part could not be fetched: it is tried again with the next that the server says.
      trace.trouble({ peer: '', link: '' }, 'error', 'in-call', error);
    }
  }

  /** Until it is there everyone is sent everything. */
  async function loadUpload(): Promise<void> {
    if (sharing === 'plain') return;
    const { shareUpload } = await world.upload();
    if (signal.aborted || !members.mesh) return;
    upload ??= shareUpload({
      env,
      trace,
      members,
      ...sharing,
      tracks: () => own.tracks,
      speaking: () => self?.speaking === true,
    });
  }

  function sayState(): void {
    if (!admission.inside?.synced) return; // The resume, or the join, will say it.
    const { state } = own;
    channel.ask('state', { state }, { failed: (error) => stateRefused(error, state) });
  }

  function stateRefused(error: MaruError, refused: PeerState): void {
    if (error.code !== 'too-fast') return;
    // A newer one has gone its own way.
    later(error, () => own.state === refused && sayState());
  }

  function signalRefused(to: string, error: MaruError): void {
    if (error.code === 'peer-away' || error.code === 'unknown-peer') members.refuse(to);
    else if (error.code === 'too-fast') later(error, () => members.get(to)?.link.resync());
  }

  function later(error: MaruError, task: () => void): void {
    after(error.detail.retryAfterMs ?? TOO_FAST_MS, task);
  }

  function after(ms: number, task: () => void): void {
    const timer = clock.after(ms, () => {
      timers.delete(timer);
      task();
    });
    timers.add(timer);
  }

  /** What rests on the network is tried or made again. */
  function retry(): void {
    channel.wake();
    members.retry();
    lobby.offers.renew();
  }

  function listen(): void {
    if (!admission.inside) return;
    const now = clock.now();
    speaking = hear(speaking, media.level(), now, OWN_LEVELS);
    members.listen(now);
    publish();
  }

  function refreshIceServers(): void {
    if (!iceServers.old(clock) || !channel.up) return;
    if (admission.stance.at === 'lobby') lobby.peek();
    // A failed request is made again at the next turn, long before the credentials have run out.
    if (!admission.inside?.synced) return;
    channel.ask('ice', {}, { answered: (answer) => void iceServers.set(answer.iceServers, clock) });
  }

  function free(): void {
    if (signal.aborted) return;
    scope.abort();
    for (const timer of timers) timer.cancel();
    levels.stop();
    refresh.stop();
    stopUpload();
    sfu?.close();
    lobby.close();
    members.clear();
    channel.stop();
    publish();
    store.close();
  }

  return {
    get snapshot() {
      return store.current;
    },
    trace,
    subscribe: store.subscribe,
    async join({ name, signal: abort }) {
      const displayName = normalizeDisplayName(name);
      if (roomName === null) throw new MaruError('bad-room-name');
      if (displayName === null) throw new MaruError('bad-name');
      await admission.join(displayName, abort);
    },
    leave: () => admission.leave(),
    chat(text) {
      const { inside } = admission;
      return inside !== null && conversation.say(text, inside.self.name);
    },
    setHand: (raised) => own.setHand(raised),
    setLocked(locked) {
      return new Promise((resolve, reject) => {
        const { inside } = admission;
        if (!inside?.synced) return reject(new MaruError(inside ? 'server-unreachable' : 'not-in-room'));
        channel.ask(
          'lock',
          { locked },
          {
            answered() {
              inside.info = { ...inside.info, locked };
              publish();
              resolve();
            },
            failed: reject,
          },
        );
      });
    },
    retry(peerId) {
      if (peerId === undefined) retry();
      else members.get(peerId)?.link.retry();
    },
    show(peerId, widths) {
      if (!members.get(peerId)) return;
      members.shown.set(peerId, widths);
      upload?.look();
      sfu?.look();
    },
    level: (peerId) => members.get(peerId)?.link.level() ?? 0,
    close: () => admission.close(),
  };
}
