// Janus VideoRoom between the two pages: simulcast is on, and the viewer is shown the largest encoding.

import { startJanusProcess } from '../sfu/targets/janus-process.js';
import { JanusSession } from '../sfu/targets/janus-session.js';
import { type Contender, throughRelay, withoutCandidates } from './contender.js';

/** As much as Maru's client sends: three encodings and sound. */
const BITRATE = 2_500_000;

export async function startJanus(): Promise<Contender> {
  const { socket, close } = await startJanusProcess();
  const session = await JanusSession.open(socket);
  const desk = await session.attach();
  let rooms = 1_000;
  return {
    async connect(sender, viewer, relay) {
      const room = ++rooms;
      await session.ask(desk, {
        request: 'create',
        room,
        publishers: 2,
        bitrate: BITRATE,
        videocodec: 'vp8',
      });
      const publisher = await session.attach();
      const offer = await sender.evaluate((options) => window.party.offer(options), {
        sends: true,
        slots: 0,
        maru: false,
      });
      const join = { request: 'joinandconfigure', ptype: 'publisher', room, display: 'sender' };
      const { jsep, data } = await session.ask(publisher, join, { type: 'offer', sdp: offer });
      if (!jsep) throw new Error('Janus gave no answer.');
      await sender.evaluate((sdp) => window.party.accept(sdp), jsep.sdp);
      await session.up(publisher);

      const subscriber = await session.attach();
      const streams = [{ feed: data['id'] }];
      const shown = await session.ask(subscriber, { request: 'join', ptype: 'subscriber', room, streams });
      if (!shown.jsep) throw new Error('Janus made no offer.');
      const answer = await viewer.evaluate(
        (sdp) => window.party.answerTo(sdp),
        throughRelay(shown.jsep.sdp, relay),
      );
      const start = { request: 'start', room };
      await session.ask(subscriber, start, { type: 'answer', sdp: withoutCandidates(answer) });
    },
    async close() {
      session.close();
      await close();
    },
  };
}
