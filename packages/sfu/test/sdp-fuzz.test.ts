// Damaged offers: none throws, and what is accepted has an answer that mirrors it. MARU_FUZZ=1000000 tries a million.

import fc from 'fast-check';
import { parse } from 'sdp-transform';
import { expect, test } from 'vitest';
import { composeAnswer } from '../src/sdp/compose-answer.js';
import { composePipeOffer, readPipeAnswer } from '../src/sdp/pipe-description.js';
import { planLink } from '../src/sdp/plan-link.js';
import { OFFERS, POLICY, TRANSPORT } from './recorded-offers.js';

const RUNS = Number(process.env['MARU_FUZZ'] ?? 1_500);
/** An offer takes about 2 ms; a busy machine has ten times that. */
const TIMEOUT_MS = 60_000 + RUNS * 20;

/** Short offers of every browser, so that many can be tried: the lines, one slot of each kind, and data. */
const SHORT = [OFFERS.chromium, OFFERS.firefox, OFFERS.safari].map((offer) => {
  const parts = offer.split(/(?=^m=)/m);
  const firstVideoSlot = parts.findIndex((part, index) => index > 4 && part.startsWith('m=video'));
  const kept = [...parts.slice(0, 6), parts[firstVideoSlot] ?? '', parts.at(-1) ?? ''];
  const mids = kept.map((part) => /^a=mid:(\S+)/m.exec(part)?.[1]).filter((mid) => mid !== undefined);
  return kept.join('').replace(/a=group:BUNDLE .*/, `a=group:BUNDLE ${mids.join(' ')}`);
});

const ATTRIBUTES = [
  'a=mid:',
  'a=sendrecv',
  'a=inactive',
  'a=rid:x send',
  'a=simulcast:send x;~y,z recv q',
  'a=simulcast: send rid=1',
  'a=rtpmap:96',
  'a=fmtp:96 ',
  'a=rtcp-fb:* nack',
  'a=extmap:1 ',
  'a=extmap:99999999999 x',
  'a=ssrc:0 cname:x',
  'a=ssrc:4294967296 x',
  'a=ssrc-group:FID 1',
  'a=ssrc-group:FID 1 2',
  'a=ice-ufrag:',
  'a=fingerprint:x',
  'a=group:BUNDLE',
  'a=group:',
  'm=',
  'm=video',
  'm=audio 9 x',
  'm=application 9 UDP/DTLS/SCTP x',
  'a=setup:',
  'a=max-message-size:99999999999999999999',
  'a=sctp-port:0',
  'a=msid:',
  'a=',
  '=',
  'a=__proto__:x',
  'a=rtpmap:97 rtx/90000',
  'a=fmtp:97 apt=97',
  'a=fmtp:97 apt=96',
  'b=AS:1',
  'a=candidate:',
  'a=imageattr:* send *',
];

type Change = (lines: string[]) => string[];
const place = fc.nat({ max: 2_000 });
const change: fc.Arbitrary<Change> = fc.oneof(
  place.map(
    (at): Change =>
      (lines) =>
        lines.filter((_, index) => index !== at % lines.length),
  ),
  fc.tuple(place, place).map(
    ([from, to]): Change =>
      (lines) =>
        lines.toSpliced(to % lines.length, 0, lines[from % lines.length] ?? ''),
  ),
  fc.tuple(place, place, fc.nat({ max: 40 })).map(
    ([from, to, count]): Change =>
      (lines) => {
        const moved = lines.slice(from % lines.length, (from % lines.length) + count);
        return lines.toSpliced(to % lines.length, 0, ...moved);
      },
  ),
  fc.tuple(place, fc.constantFrom(...ATTRIBUTES), fc.string({ maxLength: 12 })).map(
    ([at, text, more]): Change =>
      (lines) =>
        lines.toSpliced(at % lines.length, 0, text + more),
  ),
  fc.tuple(place, fc.nat({ max: 80 }), fc.string({ unit: 'binary', maxLength: 6 }), fc.nat({ max: 6 })).map(
    ([at, column, text, gone]): Change =>
      (lines) => {
        const line = lines[at % lines.length] ?? '';
        return lines.with(at % lines.length, line.slice(0, column) + text + line.slice(column + gone));
      },
  ),
  place.map(
    (at): Change =>
      (lines) =>
        lines.slice(0, at % lines.length),
  ),
);

const damaged = fc
  .tuple(fc.constantFrom(...SHORT), fc.array(change, { maxLength: 4 }))
  .map(([offer, changes]) =>
    changes
      .reduce((lines, apply) => (lines.length === 0 ? lines : apply(lines)), offer.split('\r\n'))
      .join('\r\n'),
  );

function mids(sdp: string): readonly string[] {
  return parse(sdp).media.map(({ mid }) => String(mid));
}

test('a damaged offer is refused in words, or answered m-line by m-line', { timeout: TIMEOUT_MS }, () => {
  let accepted = 0;
  let refused = 0;
  fc.assert(
    fc.property(damaged, (offer) => {
      const result = planLink(offer, POLICY);
      if (!result.ok) {
        refused++;
        expect(result.reason).toMatch(/^[A-Z].*\.$/);
        return;
      }
      accepted++;
      const { plan } = result;
      const answer = composeAnswer(plan, TRANSPORT);
      expect(mids(answer)).toEqual(mids(offer));
      const { media } = parse(answer);
      const payloads = plan.lines.flatMap(({ codecs }) => codecs.map(({ payloadType }) => payloadType));
      expect(payloads.every((type) => type >= 0 && type < 128 && (type < 64 || type > 95))).toBe(true);
      for (const [index, section] of plan.sections.entries()) {
        if (section.use === 'data') continue;
        const written = media[index];
        expect(written?.rtp.length).toBe(String(written?.payloads).split(' ').length);
        expect(written?.ext?.map(({ value }) => value) ?? []).toEqual(
          section.terms.extensions.map(({ id }) => id),
        );
        if (section.use === 'line')
          expect((written?.rids ?? []).map(({ id }) => String(id))).toEqual(section.line.rids);
      }
      // No line was smuggled in: each is one that the writer makes, and none is left that the parser cannot read.
      expect(answer).toMatch(/^([a-z]=[^\r\n]*\r\n)+$/);
      expect(media.flatMap(({ invalid }) => invalid ?? [])).toEqual([]);
      expect(mids(composePipeOffer(plan))[0]).toBe('media');
    }),
    { numRuns: RUNS },
  );
  // Not all fell at the first hurdle.
  expect(Math.min(accepted, refused)).toBeGreaterThan(RUNS / 20);
});

test('any text at all is read without a throw', { timeout: TIMEOUT_MS }, () => {
  const line = fc
    .tuple(fc.constantFrom(...ATTRIBUTES, ''), fc.string({ unit: 'binary', maxLength: 60 }))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      const text = lines.join('\r\n');
      expect(planLink(text, POLICY).ok).toBe(false);
      readPipeAnswer(text);
    }),
    { numRuns: RUNS },
  );
});

test('an offer of one long line is not slow to refuse', () => {
  for (const start of ATTRIBUTES) {
    for (const piece of [' ', '\t', '[', '[a] ', 'a', ';', ',', '1', '.', '=', '0 ']) {
      const text = start + piece.repeat(200_000 / piece.length);
      const began = performance.now();
      planLink(text, POLICY);
      expect(performance.now() - began, `${start} and ${piece}`).toBeLessThan(2_000);
    }
  }
});
