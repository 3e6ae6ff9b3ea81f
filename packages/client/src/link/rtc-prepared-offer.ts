// An offer made in the lobby, before it is known who will answer it (DESIGN 4.1: one round trip to join).

import type { Line, LinkSignal } from '@maru/protocol';
import type { PrepareParts } from './link-factory.js';
import type { LineTracks, LinkWorld, PreparedOffer } from './peer-link.js';

/**
 * How long gathering may hold the offer back. Host and server-reflexive candidates come within one round trip; a
 * STUN server that is silent would hold it for up to 9.5 s (RFC 8489, section 6.2.1). Later ones are trickled.
 */
export const GATHERING_MS = 1_000;

/** Length of a link id, in characters of base64url: 72 random bits. */
const LINK_ID_LENGTH = 12;

/** Makes an offer and gathers its candidates. */
export function prepareOffer(parts: PrepareParts, world: LinkWorld, tracks: LineTracks): PreparedOffer {
  const { openConnection, createPeerLink, offerLines, sendTracks, setLocalDescription, startSmall } = parts;
  const { env, trace } = world;
  // The peer is filled in when there is one; until then the trace has none to name.
  const traced = { peer: '', link: env.random.id(LINK_ID_LENGTH) };
  const late: LinkSignal[] = [];
  let say = (signal: LinkSignal): void => {
    late.push(signal);
  };
  const connection = openConnection(world, traced, (signal) => say(signal));
  const { pc, trickled } = connection;
  let current = tracks;
  let state: 'waiting' | 'adopted' | 'disposed' = 'waiting';

  async function prepare(): Promise<string> {
    offerLines(pc, tracks);
    startSmall(trace, env.clock, connection);
    await setLocalDescription(trace, connection, await pc.createOffer());
    await gathered();
    const { localDescription } = pc;
    if (connection.signal.aborted || !localDescription) throw new DOMException('disposed', 'AbortError');
    if (state === 'waiting') {
      // Those found so far are in the description.
      late.length = 0;
      trickled.length = 0;
    }
    return JSON.stringify({ kind: 'offer', link: traced.link, round: 0, sdp: localDescription.sdp });
  }

  function gathered(): Promise<void> {
    return new Promise((resolve) => {
      if (pc.iceGatheringState === 'complete' || connection.signal.aborted) return resolve();
      const scope = new AbortController();
      const end = (): void => {
        scope.abort();
        timer.cancel();
        resolve();
      };
      const timer = env.clock.after(GATHERING_MS, end);
      const listening = { signal: scope.signal };
      pc.addEventListener(
        'icegatheringstatechange',
        () => {
          if (pc.iceGatheringState === 'complete') end();
        },
        listening,
      );
      connection.signal.addEventListener('abort', end, listening);
    });
  }

  const data = prepare();
  // Whoever awaits `data` gets the failure; who has disposed of the offer need not.
  data.catch((error: unknown) => {
    if (connection.signal.aborted) return;
    trace.trouble(traced, 'error', 'prepare', error);
  });

  return {
    data,
    setTrack(line: Line, track) {
      if (state !== 'waiting') return;
      current = { ...current, [line]: track };
      sendTracks(trace, connection, current);
    },
    adopt(options) {
      if (state !== 'waiting') throw new Error(`the offer is ${state}`);
      state = 'adopted';
      traced.peer = options.peer;
      const link = createPeerLink(world, options, connection);
      say = (signal) => {
        if (!connection.signal.aborted) options.events.onSignal(JSON.stringify(signal));
      };
      for (const signal of late.splice(0)) say(signal);
      return link;
    },
    dispose() {
      if (state !== 'waiting') return;
      state = 'disposed';
      connection.close();
    },
  };
}
