// The answer to each browser: its m-lines mirrored, the SFU's transport in it.

import { type MediaDescription, parse } from 'sdp-transform';
import { expect, test } from 'vitest';
import { composeAnswer } from '../src/sdp/compose-answer.js';
import { changeSection, OFFERS, planned, RECORDED, type Recorded, TRANSPORT } from './recorded-offers.js';

function answer(browser: Recorded, policy: Parameters<typeof planned>[1] = {}) {
  return parse(composeAnswer(planned(OFFERS[browser], policy), TRANSPORT));
}

function at(browser: Recorded, position: number): MediaDescription {
  const media = answer(browser).media[position];
  if (!media) throw new Error(`There is no m-line ${position}.`);
  return media;
}

test.each(RECORDED)('the m-lines of %s are mirrored in order, in one BUNDLE', (browser) => {
  const offer = parse(OFFERS[browser]);
  const { media, groups } = answer(browser);
  expect(media.map(({ type, mid, protocol }) => [type, mid, protocol])).toEqual(
    offer.media.map(({ type, mid, protocol }) => [type, mid, protocol]),
  );
  expect(groups).toEqual(offer.groups);
  expect(media.every(({ port }) => port === 9)).toBe(true);
  const turned = { sendonly: 'recvonly', recvonly: 'sendonly', sendrecv: undefined, inactive: undefined };
  for (const [index, { direction, type }] of offer.media.entries()) {
    if (type !== 'application') expect(media[index]?.direction).toBe(turned[direction ?? 'sendrecv']);
  }
});

test.each(RECORDED)('every identifier in the answer to %s is one of the offer', (browser) => {
  const offer = parse(OFFERS[browser]);
  for (const [index, media] of answer(browser).media.entries()) {
    const offered = offer.media[index];
    const formats = String(offered?.payloads).split(' ');
    if (media.type !== 'application')
      expect(formats).toEqual(expect.arrayContaining(String(media.payloads).split(' ')));
    for (const { value, uri } of media.ext ?? []) {
      expect(offered?.ext).toContainEqual(expect.objectContaining({ value, uri }));
    }
    for (const { payload, type, subtype } of media.rtcpFb ?? []) {
      expect(offered?.rtcpFb).toContainEqual({ payload, type, ...(subtype ? { subtype } : {}) });
    }
  }
});

test.each(RECORDED)(
  '%s gets the whole transport: it waits for DTLS to begin, its candidates are complete',
  (browser) => {
    const { media } = answer(browser);
    for (const section of media) {
      expect(section).toMatchObject({
        iceUfrag: TRANSPORT.usernameFragment,
        icePwd: TRANSPORT.password,
        fingerprint: { type: 'sha-256', hash: TRANSPORT.fingerprint.value },
        setup: 'passive',
      });
    }
    const [first, ...others] = media;
    expect(
      first?.candidates?.map(({ ip, port, type, transport, component }) => [
        ip,
        port,
        type,
        transport,
        component,
      ]),
    ).toEqual([
      ['203.0.113.7', 40_000, 'host', 'udp', 1],
      ['2001:db8::7', 40_000, 'host', 'udp', 1],
    ]);
    expect(first?.endOfCandidates).toBeDefined();
    const priorities = first?.candidates?.map(({ priority }) => priority) ?? [];
    expect(priorities).toEqual([...new Set(priorities)].sort((a, b) => b - a));
    // 2^31 - 1 is the highest that RFC 8445, section 5.1.2 lets be.
    expect(priorities.every((priority) => priority > 0 && priority < 2 ** 31)).toBe(true);
    expect(others.some(({ candidates }) => candidates)).toBe(false);
  },
);

test('encodings are answered as received', () => {
  for (const browser of RECORDED) {
    expect(at(browser, 1).simulcast).toEqual({ dir1: 'recv', list1: 'l;m;h' });
    expect(at(browser, 1).rids).toEqual(['l', 'm', 'h'].map((id) => ({ id, direction: 'recv' })));
    expect(at(browser, 0).simulcast).toBeUndefined();
  }
});

test('restrictions of encodings are kept, for the formats that were accepted', () => {
  const restricted = changeSection(OFFERS.chromium, 1, (section) =>
    section.replace('a=rid:l send', 'a=rid:l send max-width=320;pt=118,98,96'),
  );
  const text = composeAnswer(planned(restricted), TRANSPORT);
  expect(text).toContain('a=rid:l recv pt=96,98;max-width=320\r\n');
});

test('audio slot k and video slot k are one stream, each with its SSRCs', () => {
  for (const browser of RECORDED) {
    const plan = planned(OFFERS[browser]);
    const { media } = answer(browser);
    for (const slot of [...plan.audioSlots, ...plan.videoSlots]) {
      const section = media.find(({ mid }) => String(mid) === slot.mid);
      expect(section?.msid).toEqual([{ id: `seat-${slot.index}`, appdata: `${slot.kind}-${slot.index}` }]);
      const ssrcs = slot.kind === 'audio' ? [slot.ssrc] : [slot.ssrc, slot.rtxSsrc];
      expect(section?.ssrcs).toEqual(ssrcs.map((id) => ({ id, attribute: 'cname', value: 'maru' })));
      const groups = slot.kind === 'audio' ? undefined : [{ semantics: 'FID', ssrcs: ssrcs.join(' ') }];
      expect(section?.ssrcGroups).toEqual(groups);
    }
  }
});

test('directions of header extensions are turned round for Firefox', () => {
  const text = composeAnswer(planned(OFFERS.firefox), TRANSPORT);
  expect(text).toContain('a=extmap:9/recvonly urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n');
  const slot = at('firefox', 14);
  expect(slot.ext?.map(({ value }) => value)).toEqual([7]);
});

test('what was not offered is not answered', () => {
  const bare = OFFERS.chromium.replace(/a=(rtcp-rsize|extmap-allow-mixed)\r\n/g, '');
  const text = composeAnswer(planned(bare), TRANSPORT);
  expect(text).not.toMatch(/rtcp-rsize|extmap-allow-mixed/);
  const whole = composeAnswer(planned(OFFERS.chromium), TRANSPORT);
  expect(whole).toMatch(/^a=rtcp-rsize$/m);
  expect(whole).toMatch(/^a=extmap-allow-mixed$/m);
});

test('m-lines beyond the limit stay, and are inactive', () => {
  const { media } = answer('chromium', { maxAudioSlots: 1, maxVideoSlots: 1 });
  expect(media.filter(({ direction }) => direction === 'inactive').length).toBe(9 + 13);
  expect(media.filter(({ direction }) => direction === 'sendonly').length).toBe(2);
});

test('data channels are answered with the port and size of the SFU', () => {
  const plan = planned(OFFERS.firefox);
  const text = composeAnswer(plan, { ...TRANSPORT, sctp: { sctpPort: 5_001, maxMessageSize: 65_536 } });
  expect(parse(text).media.at(-1)).toMatchObject({
    type: 'application',
    sctpPort: 5_001,
    maxMessageSize: 65_536,
  });
});
