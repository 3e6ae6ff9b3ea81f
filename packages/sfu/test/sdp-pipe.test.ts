// libdatachannel itself takes the description of each browser, and its answer is read.

import { PeerConnection } from 'node-datachannel';
import { parse } from 'sdp-transform';
import { expect, test } from 'vitest';
import { composePipeOffer, readPipeAnswer } from '../src/sdp/pipe-description.js';
import { OFFERS, planned, RECORDED } from './recorded-offers.js';

async function answerOf(offer: string): Promise<string> {
  const connection = new PeerConnection('test', {
    iceServers: [],
    disableAutoNegotiation: true,
    disableAutoGathering: true,
  });
  try {
    return await new Promise((resolve) => {
      connection.onLocalDescription((sdp) => resolve(sdp));
      connection.setRemoteDescription(offer, 'offer');
      connection.setLocalDescription('answer');
    });
  } finally {
    connection.close();
  }
}

test.each(RECORDED)('libdatachannel answers %s', async (browser) => {
  const plan = planned(OFFERS[browser]);
  const answer = await answerOf(composePipeOffer(plan));
  const { media, ...session } = parse(answer);
  expect(media.map(({ type, direction }) => [type, direction])).toEqual([
    ['video', 'sendrecv'],
    ['application', 'sendrecv'],
  ]);
  // The browser begins DTLS: what it is told, libdatachannel must do.
  expect(media[0]?.setup ?? session.setup).toBe('passive');
  const transport = readPipeAnswer(answer);
  expect(transport).toMatchObject({
    fingerprint: { algorithm: 'sha-256' },
    sctp: { sctpPort: 5_000, maxMessageSize: 262_144 },
  });
  expect(transport?.usernameFragment.length).toBeGreaterThanOrEqual(4);
  expect(transport?.password.length).toBeGreaterThanOrEqual(22);
});

test('without data channels there is one m-line', async () => {
  const plan = { ...planned(OFFERS.chromium), data: null };
  const answer = await answerOf(composePipeOffer(plan));
  expect(parse(answer).media.length).toBe(1);
  expect(readPipeAnswer(answer)?.sctp).toBeNull();
});

test('what is no answer is not read', () => {
  expect(readPipeAnswer('')).toBeNull();
  expect(readPipeAnswer(OFFERS.chromium.replace(/a=ice-pwd.*\r\n/g, ''))).toBeNull();
  expect(readPipeAnswer(OFFERS.chromium.replace(/a=fingerprint.*\r\n/g, ''))).toBeNull();
});
