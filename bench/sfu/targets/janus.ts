// Janus VideoRoom: what people install today when a mesh is too small.

import { EXTENSION_URIS, EXTENSIONS, PAYLOAD_TYPES } from '../client/maru-offer.js';
import type { Member } from '../client/member.js';
import { startJanusProcess } from './janus-process.js';
import { JanusSession } from './janus-session.js';
import type { Target } from './target.js';

const ROOM = 1_234;
/** Of a publisher; more than any sends. */
const BITRATE = 50_000_000;
const PUBLISHERS = 1_000;

export async function startJanus(): Promise<Target> {
  const { pid, socket, close } = await startJanusProcess();
  const session = await JanusSession.open(socket);
  const desk = await session.attach();
  const room = { room: ROOM, publishers: PUBLISHERS, bitrate: BITRATE, videocodec: 'vp8' };
  await session.ask(desk, { request: 'create', ...room });
  /** The publisher that subscribers are shown. */
  let feed: unknown = null;
  return {
    pid,
    control: false,
    estimates: false,
    async admit({ client, sources, number }: Member): Promise<void> {
      const handle = await session.attach();
      if (sources.length > 0) {
        const join = { request: 'joinandconfigure', ptype: 'publisher', room: ROOM, display: String(number) };
        const offer = describeStream(await client.offer(), sources[0]?.ssrc ?? 0);
        const { jsep, data } = await session.ask(handle, join, { type: 'offer', sdp: offer });
        if (!jsep) throw new Error('Janus gave no answer.');
        feed = data['id'];
        client.accept(jsep.sdp);
      } else {
        const join = { request: 'join', ptype: 'subscriber', room: ROOM, streams: [{ feed }] };
        const { jsep } = await session.ask(handle, join);
        if (!jsep) throw new Error('Janus made no offer.');
        const answer = await client.answer(jsep.sdp);
        await session.ask(handle, { request: 'start', room: ROOM }, { type: 'answer', sdp: answer });
      }
      await client.connected();
    },
    async close() {
      session.close();
      await close();
    },
  };
}

/** What a browser's offer says of its stream besides, and libdatachannel's does not. */
function describeStream(native: string, ssrc: number): string {
  const { vp8 } = PAYLOAD_TYPES;
  const attributes = [
    `a=extmap:${EXTENSIONS.transportSequence} ${EXTENSION_URIS.transportSequence}`,
    ...['nack', 'nack pli', 'ccm fir', 'transport-cc'].map((kind) => `a=rtcp-fb:${vp8} ${kind}`),
    `a=ssrc:${ssrc} cname:bench`,
  ];
  return native.replace(/^a=mid:\S+\r\n/m, (mid) => `${mid}${attributes.join('\r\n')}\r\n`);
}
