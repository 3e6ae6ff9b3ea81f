// What is read out of the offers of real browsers.

import { expect, test } from 'vitest';
import type { PayloadCodec } from '../src/sdp/link-plan.js';
import { changeSection, OFFERS, planned, RECORDED } from './recorded-offers.js';

function formats(codecs: readonly PayloadCodec[] | undefined): readonly string[] {
  return (codecs ?? []).map(
    ({ name, payloadType, rtxPayloadType }) => `${name} ${payloadType} ${rtxPayloadType}`,
  );
}

test.each(RECORDED)('the four lines of %s are read in order', (browser) => {
  const { lines } = planned(OFFERS[browser]);
  expect(lines.map(({ line, kind, mid }) => [line, kind, mid])).toEqual([
    ['mic', 'audio', '0'],
    ['camera', 'video', '1'],
    ['screen', 'video', '2'],
    ['screenAudio', 'audio', '3'],
  ]);
  expect(lines.map(({ rids }) => rids.join())).toEqual(['', 'l,m,h', 'l,h', '']);
  for (const line of lines) expect(line.ssrcs.length).toBe(line.kind === 'audio' ? 1 : 0);
});

test.each([
  ['chromium', 10, 14],
  ['firefox', 10, 14],
  ['safari', 2, 2],
] as const)(
  '%s offers %d audio slots and %d video slots, numbered among their kind',
  (browser, audio, video) => {
    const { audioSlots, videoSlots, data } = planned(OFFERS[browser]);
    expect(audioSlots.map(({ index }) => index)).toEqual([...Array(audio).keys()]);
    expect(videoSlots.map(({ index }) => index)).toEqual([...Array(video).keys()]);
    expect(audioSlots[0]?.mid).toBe('4');
    expect(videoSlots[0]?.mid).toBe(String(4 + audio));
    expect(data?.mid).toBe(String(4 + audio + video));
    expect(data?.sctpPort).toBe(5_000);
  },
);

test('codecs are in the order of the policy, under the payload types of each browser', () => {
  const chromium = ['VP8 96 97', 'VP9 98 99', 'H264 108 109', 'AV1 45 46'];
  expect(formats(planned(OFFERS.chromium).lines[1]?.codecs)).toEqual(chromium);
  expect(formats(planned(OFFERS.chromium).videoSlots[3]?.codecs)).toEqual(chromium);
  const firefox = planned(OFFERS.firefox);
  expect(formats(firefox.lines[1]?.codecs)).toEqual(['VP8 120 124', 'VP9 121 125', 'AV1 99 100']);
  expect(firefox.receives).toEqual(['VP8', 'VP9', 'AV1']);
  expect(formats(planned(OFFERS.safari).lines[1]?.codecs)).toEqual([
    'VP8 106 107',
    'VP9 108 109',
    'H264 98 99',
  ]);
});

test('VP8 is kept whatever the policy prefers', () => {
  const { lines, receives } = planned(OFFERS.chromium, { videoCodecs: ['AV1'] });
  expect(formats(lines[1]?.codecs)).toEqual(['AV1 45 46', 'VP8 96 97']);
  expect(receives).toEqual(['AV1', 'VP8']);
});

test('of H.264 only packetization mode 1 in a baseline profile is taken, constrained first', () => {
  const h264 = (offer: string) => planned(offer).lines[1]?.codecs.find(({ name }) => name === 'H264');
  expect(h264(OFFERS.chromium)?.parameters).toBe(
    'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
  );
  const without = OFFERS.chromium.replaceAll('profile-level-id=42e01f', 'profile-level-id=4d0029');
  expect(h264(without)?.payloadType).toBe(102);
  const none = without.replaceAll('profile-level-id=42001f', 'profile-level-id=640c1f');
  expect(h264(none)).toBeUndefined();
  expect(h264(OFFERS.chromium.replaceAll('packetization-mode=1', 'packetization-mode=0'))).toBeUndefined();
});

test('feedback is what was offered and is understood', () => {
  const { lines, audioSlots } = planned(OFFERS.chromium);
  expect(lines[0]?.codecs[0]?.feedback).toEqual(['transport-cc']);
  expect(audioSlots[0]?.codecs[0]?.feedback).toEqual(['transport-cc']);
  expect(lines[1]?.codecs[0]?.feedback).toEqual(['nack', 'nack pli', 'ccm fir', 'transport-cc', 'goog-remb']);
  const fewer = OFFERS.chromium.replace(/a=rtcp-fb:96 (nack|goog-remb)\r\n/g, '');
  expect(planned(fewer).lines[1]?.codecs[0]?.feedback).toEqual(['nack pli', 'ccm fir', 'transport-cc']);
});

test('feedback for all payload types counts for each', () => {
  const all = OFFERS.firefox.replace(/a=rtcp-fb:120 nack\r\n/g, 'a=rtcp-fb:* nack\r\n');
  expect(planned(all).lines[1]?.codecs[0]?.feedback).toContain('nack');
});

test('without its header extension there is no transport-wide feedback', () => {
  const without = OFFERS.chromium.replace(/a=extmap:3 http:.*transport-wide.*\r\n/g, '');
  const { lines, extensions } = planned(without);
  expect(extensions.transportSequence).toBe(0);
  expect(lines[1]?.codecs[0]?.feedback).not.toContain('transport-cc');
  // The older estimator then needs its own extension.
  expect(extensions.absoluteSendTime).toBe(2);
});

test('redundant audio comes first where the policy has it, and not at all where not', () => {
  expect(formats(planned(OFFERS.chromium).lines[0]?.codecs)).toEqual(['opus 111 null']);
  const { lines, audioSlots } = planned(OFFERS.chromium, { audioRedundancy: true });
  expect(formats(lines[0]?.codecs)).toEqual(['red 63 null', 'opus 111 null']);
  expect(formats(audioSlots[0]?.codecs)).toEqual(['red 63 null', 'opus 111 null']);
  expect(lines[0]?.codecs[0]?.parameters).toBe('111/111');
  expect(formats(planned(OFFERS.firefox, { audioRedundancy: true }).lines[0]?.codecs)).toEqual([
    'opus 109 null',
  ]);
});

test('header extensions are those that the SFU uses, by the identifiers of the browser', () => {
  const chromium = planned(OFFERS.chromium);
  expect(chromium.extensions).toEqual({
    mid: 4,
    rid: 10,
    repairedRid: 11,
    audioLevel: 1,
    transportSequence: 3,
    absoluteSendTime: 0,
    videoOrientation: 0,
    dependencyDescriptor: 12,
    playoutDelay: 0,
  });
  expect(chromium.slotExtensions).toMatchObject({
    mid: 0,
    audioLevel: 1,
    transportSequence: 3,
    dependencyDescriptor: 12,
  });
  expect(planned(OFFERS.chromium, { videoOrientation: true }).slotExtensions.videoOrientation).toBe(13);
  expect(chromium.mixedExtensions).toBe(true);
});

test('what Firefox only sends is not sent to it', () => {
  const { extensions, slotExtensions } = planned(OFFERS.firefox);
  expect(extensions).toMatchObject({ mid: 3, rid: 9, repairedRid: 10, audioLevel: 1, transportSequence: 7 });
  expect(extensions.dependencyDescriptor).toBe(8);
  expect(slotExtensions.dependencyDescriptor).toBe(0);
  expect(slotExtensions.transportSequence).toBe(7);
});

test('identifiers that fit into no one-byte element are left out', () => {
  const high = OFFERS.chromium.replaceAll('a=extmap:12 ', 'a=extmap:17 ');
  expect(planned(high).extensions.dependencyDescriptor).toBe(0);
});

test.each(RECORDED)('all SSRCs for %s differ from each other and from those of the offer', (browser) => {
  const offer = OFFERS[browser];
  const offered = [...offer.matchAll(/a=ssrc:(\d+)/g)].map(([, ssrc]) => Number(ssrc));
  // The worst place to begin at: just below one that is taken, and below the end of the range.
  for (const first of [0xffff_fffe, 0, ...offered.map((ssrc) => ssrc - 1)]) {
    const { audioSlots, videoSlots, feedbackSsrc } = planned(offer, { firstSsrc: () => first });
    const fresh = [...audioSlots, ...videoSlots].flatMap(({ ssrc, rtxSsrc, kind }) =>
      kind === 'audio' ? [ssrc] : [ssrc, rtxSsrc],
    );
    fresh.push(feedbackSsrc);
    expect(new Set([...fresh, ...offered, 0]).size).toBe(fresh.length + new Set(offered).size + 1);
    expect(fresh.every((ssrc) => Number.isInteger(ssrc) && ssrc > 0 && ssrc <= 0xffff_ffff)).toBe(true);
  }
});

test('streams are declared by SSRC where there are no encodings, each with its retransmissions', () => {
  const plain = changeSection(OFFERS.chromium, 1, (section) =>
    section
      .replace(/a=(rid|simulcast):.*\r\n/g, '')
      .concat('a=ssrc-group:FID 11 12\r\na=ssrc:11 cname:x\r\na=ssrc:11 msid:- y\r\na=ssrc:12 cname:x\r\n'),
  );
  const camera = planned(plain).lines[1];
  expect(camera?.rids).toEqual([]);
  expect(camera?.ssrcs).toEqual([{ ssrc: 11, rtxSsrc: 12 }]);
});

test('encodings: paused ones count, of alternatives the first, and none without a format that is used', () => {
  const offer = changeSection(OFFERS.chromium, 1, (section) =>
    section
      .replace('a=rid:l send', 'a=rid:l send pt=96,98;max-width=320')
      .replace('a=rid:m send', 'a=rid:m send pt=118')
      .replace('a=simulcast:send l;m;h', 'a=simulcast:send ~l;m;h,l;n'),
  );
  expect(planned(offer).lines[1]?.rids).toEqual(['l', 'h']);
});

test('a sending line may also receive, and an m-line for receiving also send', () => {
  const both = OFFERS.chromium.replaceAll('a=sendonly', 'a=sendrecv').replaceAll('a=recvonly', 'a=sendrecv');
  expect(planned(both).videoSlots.length).toBe(14);
});

test('slots beyond the limit are no slots', () => {
  const { audioSlots, videoSlots, sections } = planned(OFFERS.chromium, {
    maxAudioSlots: 2,
    maxVideoSlots: 3,
  });
  expect([audioSlots.length, videoSlots.length]).toEqual([2, 3]);
  expect(sections.filter(({ use }) => use === 'idle').length).toBe(8 + 11);
});
