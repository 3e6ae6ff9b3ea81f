// Offers that are refused, each with its reason in words.

import { expect, test } from 'vitest';
import { changeSection, OFFERS, refusal } from './recorded-offers.js';

const offer = OFFERS.chromium;
const without = (pattern: RegExp) => offer.replace(pattern, '');
const firstSections = (count: number) =>
  offer
    .split(/(?=^m=)/m)
    .slice(0, count + 1)
    .join('');

const REFUSED: readonly (readonly [string, string, RegExp])[] = [
  ['nothing', '', /no BUNDLE/],
  ['no description', 'hello', /no BUNDLE/],
  ['no BUNDLE', without(/a=group:.*\r\n/), /no BUNDLE/],
  [
    'an m-line outside of it',
    offer.replace('a=group:BUNDLE 0 1 2', 'a=group:BUNDLE 0 1'),
    /outside the BUNDLE/,
  ],
  ['a BUNDLE of more than there is', offer.replace('a=group:BUNDLE 0', 'a=group:BUNDLE 0 none'), /not there/],
  [
    'another m-line first in it',
    offer.replace('a=group:BUNDLE 0 1', 'a=group:BUNDLE 1 0'),
    /begin with the first/,
  ],
  ['three m-lines', firstSections(3).replace(/BUNDLE .*/, 'BUNDLE 0 1 2'), /fewer than four/],
  [
    'video first',
    changeSection(offer, 0, () => offer.split(/(?=^m=)/m)[2]?.replace('a=mid:1', 'a=mid:0') ?? ''),
    /not audio, video/,
  ],
  [
    'a line that does not send',
    changeSection(offer, 1, (part) => part.replace('a=sendonly', 'a=recvonly')),
    /does not send/,
  ],
  [
    'a fifth line',
    changeSection(offer, 4, (part) => part.replace('a=recvonly', 'a=sendonly')),
    /more than four lines/,
  ],
  [
    'two m-lines of one MID',
    changeSection(offer, 5, (part) => part.replace('a=mid:5', 'a=mid:4')),
    /same MID/,
  ],
  ['no MID', changeSection(offer, 5, (part) => part.replace('a=mid:5\r\n', '')), /no MID/],
  ['a MID that is too long', offer.replace('a=mid:5', `a=mid:${'5'.repeat(17)}`), /no MID/],
  ['no rtcp-mux', changeSection(offer, 7, (part) => part.replace('a=rtcp-mux\r\n', '')), /rtcp-mux/],
  ['a closed m-line', offer.replace('m=audio 9', 'm=audio 0'), /closed/],
  ['unsecured RTP', offer.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVPF'), /is not UDP\/TLS\/RTP\/SAVPF/],
  ['text', offer.replace('m=audio', 'm=text'), /neither audio nor video/],
  ['no ICE', without(/a=ice-(ufrag|pwd).*\r\n/g), /ICE/],
  ['a weak password', offer.replace(/a=ice-pwd:\S+/g, 'a=ice-pwd:short'), /ICE/],
  ['no fingerprint', without(/a=fingerprint.*\r\n/g), /fingerprint/],
  [
    'a weak fingerprint',
    offer.replace(/a=fingerprint:sha-256 (\S{59})\S*/g, 'a=fingerprint:sha-1 $1'),
    /fingerprint/,
  ],
  ['a cut fingerprint', offer.replace(/(a=fingerprint:sha-256 \S{59})\S*/g, '$1'), /fingerprint/],
  ['an offerer that does not begin', offer.replaceAll('a=setup:actpass', 'a=setup:passive'), /begin DTLS/],
  [
    'a payload type of two meanings',
    changeSection(offer, 16, (part) => part.replace('a=rtpmap:96 VP8', 'a=rtpmap:96 VP9')),
    /payload type has two/,
  ],
  [
    'a header extension of two meanings',
    changeSection(offer, 16, (part) => part.replace('a=extmap:3 ', 'a=extmap:1 ')),
    /identifier has two/,
  ],
  ['no opus', offer.replaceAll('opus/48000/2', 'speex/48000/2'), /no audio/],
  [
    'no video codec of ours',
    changeSection(offer, 2, (part) => part.replace(/a=rtpmap:\d+ (?!rtx).*\r\n/g, '')),
    /sends no video/,
  ],
  [
    'no video codec in a slot',
    changeSection(offer, 20, (part) => part.replace(/a=rtpmap:.*\r\n/g, '')),
    /receives no video/,
  ],
  ['encodings without RID', without(/a=extmap:10 .*\r\n/g), /told apart/],
  [
    'data channels twice',
    changeSection(offer, 27, () => offer.split(/(?=^m=)/m)[29]?.replace('a=mid:28', 'a=mid:27') ?? ''),
    /twice/,
  ],
  ['data without an SCTP port', without(/a=sctp-port.*\r\n/g), /SCTP port/],
  ['other data', offer.replace('SCTP webrtc-datachannel', 'SCTP webrtc-other'), /not data channels/],
  ['far too many m-lines', offer + 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n'.repeat(200), /m-lines/],
  [
    'far too many encodings',
    changeSection(offer, 1, (part) =>
      part.replace('send l;m;h', 'send l;m;h;n;o').concat('a=rid:n send\r\na=rid:o send\r\n'),
    ),
    /encodings/,
  ],
  ['far too long', offer + 'a=x\r\n'.repeat(100_000), /too long/],
  ['far too many lines', offer + 'a=x\r\n'.repeat(17_000), /too many lines/],
];

test.each(REFUSED)('%s', (_, bad, reason) => {
  expect(refusal(bad)).toMatch(reason);
});

test('a reason quotes nothing of the offer', () => {
  const reasons = REFUSED.map(([, bad]) => refusal(bad) ?? '');
  for (const secret of [/3tXK/, /[0-9A-F]{2}:[0-9A-F]{2}/, /\d+\.\d+\.\d+/]) {
    expect(reasons.filter((reason) => secret.test(reason))).toEqual([]);
  }
});
