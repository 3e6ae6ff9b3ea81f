// Prepared offers by themselves: what fits into a join, what is given back, what is freed.

import { MAX_MESSAGE_BYTES, MAX_SIGNAL_LENGTH } from '@maru/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPreparedOffers } from '../src/room/prepared-offers.js';
import { messageSize } from '../src/signalling/message-size.js';
import { FakeClock, settle } from '../src/testing/fake-env.js';
import { FakeLinks, FakePreparedOffer } from '../src/testing/fake-links.js';

const TRACKS = { mic: null, camera: null, screen: null, screenAudio: null };

/** Offers of a given text. */
class LongOffers extends FakeLinks {
  constructor(readonly text: string) {
    super();
  }

  override prepare(): FakePreparedOffer {
    const offer = new FakePreparedOffer(this, this.text, TRACKS);
    this.prepared.push(offer);
    offer.finish();
    return offer;
  }
}

function make(links: FakeLinks) {
  const clock = new FakeClock();
  const offers = createPreparedOffers({
    clock,
    links,
    longest: MAX_SIGNAL_LENGTH,
    most: MAX_MESSAGE_BYTES - 4_096,
    sizeOf: messageSize,
    tracks: () => TRACKS,
    onChange() {},
  });
  return { clock, offers, links };
}

test('[MSG-2] never more than a join may carry, however long the offers are', async () => {
  const { offers, links } = make(new LongOffers('"\r\n'.repeat(20_000)));
  offers.want(8);
  await settle();
  const taken = offers.take();
  expect(taken.length).toBeGreaterThan(0);
  const bytes = new TextEncoder().encode(JSON.stringify(taken.map(({ data }) => data))).length;
  expect(bytes).toBeLessThan(MAX_MESSAGE_BYTES - 1_000);
  offers.close();
  expect(links.waiting).toHaveLength(taken.length);
});

test('an offer that no signal could carry is not used', async () => {
  const { offers } = make(new LongOffers('x'.repeat(MAX_SIGNAL_LENGTH + 1)));
  offers.want(1);
  await settle();
  expect(offers.ready).toBe(true);
  expect(offers.take()).toEqual([]);
});

test('what is taken is the taker’s, until it is given back', async () => {
  const { clock, offers, links } = make(new FakeLinks());
  offers.want(2);
  await settle();
  const taken = offers.take();
  offers.want(0);
  expect(links.waiting).toHaveLength(2);
  offers.want(2);
  offers.giveBack(taken);
  expect(offers.take().map(({ data }) => data)).toEqual(taken.map(({ data }) => data));
  offers.close();
  expect(clock.pending).toBe(0);
});

test('an offer serves until there is another: not only until another has failed, or was begun', async () => {
  const { offers, links } = make(new FakeLinks());
  offers.want(1);
  await settle();
  links.instant = false;
  offers.renew();
  links.prepared[1]?.fail();
  await settle();
  expect(offers.ready).toBe(true);
  offers.renew();
  offers.renew();
  expect(links.waiting.map(({ text }) => text)).toEqual(['offer-0', 'offer-3']);
  links.prepared[3]?.finish();
  await settle();
  expect(offers.take().map(({ data }) => data)).toEqual(['offer-3']);
  expect(links.prepared[0]?.state).toBe('disposed');
});

test('a browser that refuses another connection does not keep anyone from joining', async () => {
  const links = new FakeLinks();
  const prepare = links.prepare.bind(links);
  links.prepare = (tracks) => {
    if (links.prepared.length === 1) throw new DOMException('too many connections', 'UnknownError');
    return prepare(tracks);
  };
  const { clock, offers } = make(links);
  offers.want(2);
  await settle();
  expect(offers.ready).toBe(true);
  expect(offers.take().map(({ data }) => data)).toEqual(['offer-0']);
  offers.close();
  expect(clock.pending).toBe(0);
});

test('whatever happens, no offer is lost: each is ready, taken or freed', async () => {
  const deed = fc.oneof(
    fc.record({ do: fc.constant('want' as const), count: fc.integer({ min: 0, max: 10 }) }),
    fc.record({ do: fc.constantFrom('renew', 'take', 'giveBack', 'settle', 'finish', 'fail', 'wait') }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { maxLength: 40 }), async (deeds) => {
      const { clock, offers, links } = make(new FakeLinks());
      links.instant = false;
      let taken: ReturnType<typeof offers.take> = [];
      for (const each of deeds) {
        const next = links.waiting.find(({ text }) => !taken.some(({ data }) => data === text));
        if ('count' in each) offers.want(each.count);
        else if (each.do === 'renew') offers.renew();
        else if (each.do === 'take' && taken.length === 0) taken = offers.take();
        else if (each.do === 'giveBack') {
          offers.giveBack(taken);
          taken = [];
        } else if (each.do === 'finish') next?.finish();
        else if (each.do === 'fail') next?.fail();
        else if (each.do === 'wait') await clock.advance(100_000);
        else await settle();
      }
      await settle();
      offers.close();
      for (const { prepared } of taken) prepared.dispose();
      expect(links.waiting).toEqual([]);
      expect(clock.pending).toBe(0);
    }),
    { numRuns: 200 },
  );
});
