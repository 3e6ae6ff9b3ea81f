// A trip through a relay and back: two connections in this page, one of which may use nothing but the relay.

import type { Gathering } from './rtc-gathering.js';
import { watchGathering } from './rtc-gathering.js';

export interface RelayTrip {
  readonly gathering: Gathering;
  /** What came back, or null when no way led through the relay. */
  readonly passed: { readonly bytes: number; readonly ms: number } | null;
}

/** Enough for a few dozen packets, so that a path which loses large ones is noticed. */
const CHUNK_BYTES = 16_384;
const CHUNKS = 4;
/** ICE tries for longer than any relay in use needs. */
const PATIENCE_MS = 15_000;

/**
 * Sends bytes from the relayed end, which the other end sends back. `server` has one URL.
 * Rejects with what the browser throws, as at a URL that it does not take.
 */
export async function relayTrip(server: RTCIceServer, signal: AbortSignal): Promise<RelayTrip> {
  const scope = new AbortController();
  const relayed = new RTCPeerConnection({ iceServers: [server], iceTransportPolicy: 'relay' });
  // The other end takes what way it finds: its own address, or where UDP is blocked the relay as well.
  const free = new RTCPeerConnection({ iceServers: [server] });
  try {
    return await Promise.race([
      exchangeCandidates(relayed, free, scope.signal),
      exchangeCandidates(free, relayed, scope.signal),
      travel(relayed, free, signal),
    ]);
  } finally {
    scope.abort();
    relayed.close();
    free.close();
  }
}

async function travel(
  relayed: RTCPeerConnection,
  free: RTCPeerConnection,
  signal: AbortSignal,
): Promise<RelayTrip> {
  const gathering = watchGathering(relayed, 'relay', signal);
  const channel = relayed.createDataChannel('doctor', { negotiated: true, id: 0 });
  sendBack(free.createDataChannel('doctor', { negotiated: true, id: 0 }));
  await relayed.setLocalDescription();
  await free.setRemoteDescription(description(relayed));
  await free.setLocalDescription();
  await relayed.setRemoteDescription(description(free));
  const gathered = await gathering;
  if (gathered.address === null) return { gathering: gathered, passed: null };
  return { gathering: gathered, passed: await roundTrip(relayed, channel, signal) };
}

/**
 * Hands the candidates of one end to the other; those that come before their description wait for it. Rejects when one
 * cannot be used, and else goes on until `signal` ends it.
 */
function exchangeCandidates(
  from: RTCPeerConnection,
  to: RTCPeerConnection,
  signal: AbortSignal,
): Promise<never> {
  const described = new Promise<void>((resolve) => {
    const look = () => to.remoteDescription && resolve();
    to.addEventListener('signalingstatechange', look, { signal });
  });
  return new Promise((_resolve, reject) => {
    from.addEventListener(
      'icecandidate',
      ({ candidate }) => {
        if (!candidate) return;
        const add = async (): Promise<void> => {
          await described;
          if (!signal.aborted) await to.addIceCandidate(candidate);
        };
        add().catch(reject);
      },
      { signal },
    );
  });
}

function description(connection: RTCPeerConnection): RTCSessionDescription {
  if (!connection.localDescription) throw new Error('the connection has no description of its own yet');
  return connection.localDescription;
}

function sendBack(channel: RTCDataChannel): void {
  channel.binaryType = 'arraybuffer';
  channel.addEventListener('message', ({ data }) => {
    if (data instanceof ArrayBuffer && channel.readyState === 'open') channel.send(data);
  });
}

function roundTrip(
  connection: RTCPeerConnection,
  channel: RTCDataChannel,
  signal: AbortSignal,
): Promise<RelayTrip['passed']> {
  channel.binaryType = 'arraybuffer';
  const scope = new AbortController();
  let sentAt = 0;
  let bytes = 0;
  return new Promise((resolve) => {
    const finish = (passed: RelayTrip['passed']): void => {
      clearTimeout(timer);
      scope.abort();
      resolve(passed);
    };
    const timer = setTimeout(() => finish(null), PATIENCE_MS);
    const within = { signal: scope.signal };
    signal.addEventListener('abort', () => finish(null), within);
    const send = (): void => {
      sentAt = performance.now();
      for (let sent = 0; sent < CHUNKS; sent++) channel.send(new Uint8Array(CHUNK_BYTES).fill(sent));
    };
    channel.addEventListener(
      'message',
      ({ data }) => {
        bytes += data instanceof ArrayBuffer ? data.byteLength : 0;
        if (bytes < CHUNK_BYTES * CHUNKS) return;
        finish({ bytes, ms: Math.round(performance.now() - sentAt) });
      },
      within,
    );
    connection.addEventListener(
      'connectionstatechange',
      () => connection.connectionState === 'failed' && finish(null),
      within,
    );
    if (channel.readyState === 'open') send();
    else channel.addEventListener('open', send, within);
  });
}
