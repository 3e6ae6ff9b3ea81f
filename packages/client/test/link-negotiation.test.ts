// The negotiation, state by state.

import type { CandidateSignal, DescriptionSignal, LinkSignal } from '@maru/protocol';
import { describe, expect, test } from 'vitest';
import {
  failNegotiation,
  MAX_EARLY_CANDIDATES,
  type Negotiation,
  type NegotiationEffect,
  type NegotiationInput,
  type Offering,
  type Stable,
  startNegotiation,
  stepNegotiation,
} from '../src/link/negotiation.js';

const offer = (link: string, round = 0): DescriptionSignal => ({
  kind: 'offer',
  link,
  round,
  sdp: `offer ${link} ${round}`,
});
const answer = (link: string, round = 0): DescriptionSignal => ({ ...offer(link, round), kind: 'answer' });
const candidate = (link: string, port = 1): CandidateSignal => ({
  kind: 'candidate',
  link,
  candidate: `candidate:${port}`,
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: null,
});
const received = (signal: LinkSignal): NegotiationInput => ({ type: 'signal', signal });

/** Puts inputs in one after the other; returns the last state and what the last one led to. */
function run(state: Negotiation, ...inputs: NegotiationInput[]): [Negotiation, readonly NegotiationEffect[]] {
  let effects: readonly NegotiationEffect[] = [];
  for (const input of inputs) [state, effects] = stepNegotiation(state, input);
  return [state, effects];
}
const doings = (effects: readonly NegotiationEffect[]) => effects.map((effect) => effect.do);

const impolite = startNegotiation(false);
const polite = startNegotiation(true);
const offering = (start: Negotiation, link = 'A') => run(start, { type: 'offer', link })[0];
const offerer = (start: Negotiation, link = 'A') =>
  run(start, { type: 'offer', link }, received(answer(link)))[0];
const answerer = (start: Negotiation, link = 'A') => run(start, received(offer(link)))[0];
const restarting = (start: Negotiation) => run(start, { type: 'restart', link: 'unused' })[0];

describe('the negotiation', () => {
  test('[NEG-2] offers once, on a fresh connection', () => {
    const [state, effects] = run(impolite, { type: 'offer', link: 'A' });
    expect(effects).toEqual([{ do: 'offer', link: 'A', round: 0, fresh: true, relay: false }]);
    expect(state.phase).toEqual({ at: 'offering', link: 'A', round: 0, base: null });
    for (const busy of [state, offerer(impolite), answerer(impolite)]) {
      expect(run(busy, { type: 'offer', link: 'B' })).toEqual([busy, []]);
    }
  });

  test('a prepared offer is open from the start', () => {
    const [state, effects] = run(startNegotiation(false, 'A'), received(answer('A')));
    expect(doings(effects)).toEqual(['settle']);
    expect(state.phase).toEqual({ at: 'stable', link: 'A', round: 0, role: 'offerer' });
  });

  test('a first offer is answered on a fresh connection', () => {
    const [state, effects] = run(polite, received(offer('A')));
    expect(effects).toEqual([{ do: 'answer', offer: offer('A'), fresh: true }]);
    expect(state.phase).toEqual({ at: 'stable', link: 'A', round: 0, role: 'answerer' });
  });

  test.each([
    ['of another link', offering(impolite), offer('B')],
    ['of the same link', restarting(offerer(impolite)), offer('A', 1)],
    ['of the same link, and a higher round', restarting(offerer(impolite)), offer('A', 2)],
  ])(
    '[NEG-3] an impolite peer drops an offer %s while its own is open, and says its own again',
    (_, state, signal) => {
      const [next, effects] = run(state, received(signal));
      expect(doings(effects)).toEqual(['ignore', 'say-offer']);
      expect(next.phase).toEqual(state.phase);
    },
  );

  test('[NEG-4] a polite peer gives up its own fresh connection for the other', () => {
    const [state, effects] = run(offering(polite, 'P'), received(offer('A')));
    expect(effects).toEqual([{ do: 'answer', offer: offer('A'), fresh: true }]);
    expect(state.phase).toEqual({ at: 'stable', link: 'A', round: 0, role: 'answerer' });
    expect(state.former).toEqual(['P']);
  });

  test('[NEG-4] a polite peer rolls its own ICE restart back for the other', () => {
    const [state, effects] = run(restarting(answerer(polite)), received(offer('A', 1)));
    expect(effects).toEqual([{ do: 'rollback' }, { do: 'answer', offer: offer('A', 1), fresh: false }]);
    expect(state.phase).toEqual({ at: 'stable', link: 'A', round: 1, role: 'answerer' });
  });

  test('[NEG-3] an ICE restart gives way to a fresh connection that crosses it, at both ends', () => {
    const left = run(answerer(polite), { type: 'rebuild', link: 'P' })[0];
    expect(doings(run(left, received(offer('A', 1)))[1])).toEqual(['ignore']);
    const restarting = run(offerer(impolite), { type: 'restart', link: 'B' })[0];
    const [state, effects] = run(restarting, received(offer('P')));
    expect(effects).toEqual([{ do: 'answer', offer: offer('P'), fresh: true }]);
    expect(state.phase).toEqual({ at: 'stable', link: 'P', round: 0, role: 'answerer' });
    expect(state.former).toContain('A');
  });

  test('[NEG-4] a polite peer whose first offer was answered unheard joins the other in its ICE restart', () => {
    const [state, effects] = run(offering(polite, 'P'), received(offer('P', 1)));
    expect(effects).toEqual([{ do: 'answer', offer: offer('P', 1), fresh: true }]);
    expect(state.phase).toEqual({ at: 'stable', link: 'P', round: 1, role: 'answerer' });
    expect(doings(run(offering(polite, 'P'), received(offer('P', 0)))[1])).toEqual(['ignore']);
  });

  test('[NEG-5] an offer of a new link asks for a fresh connection', () => {
    const [state, effects] = run(offerer(impolite), received(offer('B')));
    expect(effects).toEqual([{ do: 'answer', offer: offer('B'), fresh: true }]);
    expect(state.former).toEqual(['A']);
    expect(doings(run(state, received(offer('A')))[1])).toEqual(['ignore']);
  });

  test('[NEG-5] an offer of the known link and a higher round is an ICE restart', () => {
    for (const state of [offerer(impolite), answerer(polite)]) {
      const [next, effects] = run(state, received(offer('A', 1)));
      expect(effects).toEqual([{ do: 'answer', offer: offer('A', 1), fresh: false }]);
      expect(next.phase).toEqual({ at: 'stable', link: 'A', round: 1, role: 'answerer' });
    }
  });

  test('[NEG-5] a restart offers the next round of the link, a rebuild the first of a new one', () => {
    const [restarted, effects] = run(answerer(polite), { type: 'restart', link: 'B' });
    expect(effects).toEqual([{ do: 'offer', link: 'A', round: 1, fresh: false }]);
    expect(restarted.phase).toMatchObject({ at: 'offering', link: 'A', round: 1, base: { round: 0 } });
    const [rebuilt, more] = run(restarted, { type: 'rebuild', link: 'B' });
    expect(more).toEqual([{ do: 'offer', link: 'B', round: 0, fresh: true, relay: false }]);
    expect(rebuilt.phase).toEqual({ at: 'offering', link: 'B', round: 0, base: null });
    expect(rebuilt.former).toEqual(['A']);
  });

  test('[NEG-5] a restart where there is no connection makes one', () => {
    expect(run(polite, { type: 'restart', link: 'A' })[1]).toEqual([
      { do: 'offer', link: 'A', round: 0, fresh: true, relay: false },
    ]);
  });

  test('[NEG-6] only the answer to the open offer is taken', () => {
    const open = restarting(offerer(impolite));
    for (const stale of [answer('A', 0), answer('A', 2), answer('B', 1)]) {
      const [next, effects] = run(open, received(stale));
      expect(doings(effects)).toEqual(['ignore']);
      expect(next).toEqual(open);
    }
    for (const closed of [polite, offerer(impolite), answerer(polite)]) {
      expect(doings(run(closed, received(answer('A', 0)))[1])).toEqual(['ignore']);
    }
    expect(doings(run(open, received(answer('A', 1)))[1])).toEqual(['settle']);
  });

  test('[NEG-6] a round names one offer: the next after a rollback has another', () => {
    const ahead = run(restarting(answerer(polite)), received(answer('A', 1)), {
      type: 'restart',
      link: '',
    })[0];
    expect(ahead.phase).toMatchObject({ at: 'offering', round: 2 });
    // The other end has lost our first restart, and offers its own under the same number.
    const rolledBack = run(ahead, received(offer('A', 1)));
    expect(doings(rolledBack[1])).toEqual(['ignore']);
    const other = run(ahead, received(offer('A', 2)), { type: 'restart', link: '' })[0];
    expect(other.phase).toMatchObject({ at: 'offering', round: 3 });
    expect(doings(run(other, received(answer('A', 2)))[1])).toEqual(['ignore']);
  });

  test('[NEG-7] candidates before their description wait for it', () => {
    const early = run(
      polite,
      received(candidate('A', 1)),
      received(candidate('B', 2)),
      received(candidate('A', 3)),
    )[0];
    const [state, effects] = run(early, received(offer('A')));
    expect(effects[1]).toEqual({ do: 'add-candidates', candidates: [candidate('A', 1), candidate('A', 3)] });
    expect(state.early).toEqual([]);
  });

  test('[NEG-7] candidates before the answer wait for it', () => {
    const waiting = run(offering(impolite), received(candidate('A')))[0];
    expect(run(waiting, received(answer('A')))[1]).toEqual([
      { do: 'settle', answer: answer('A') },
      { do: 'add-candidates', candidates: [candidate('A')] },
    ]);
  });

  test('[NEG-7] candidates of the link in place are added at once', () => {
    expect(run(answerer(polite), received(candidate('A')))[1]).toEqual([
      { do: 'add-candidates', candidates: [candidate('A')] },
    ]);
  });

  test('[NEG-7] at most 256 wait', () => {
    const many = Array.from({ length: MAX_EARLY_CANDIDATES + 1 }, (_, port) =>
      received(candidate('A', port)),
    );
    const [state, effects] = run(polite, ...many);
    expect(state.early).toHaveLength(256);
    expect(doings(effects)).toEqual(['ignore']);
  });

  test('[NEG-7] candidates of a former link are dropped', () => {
    const rebuilt = run(answerer(polite), received(offer('B')))[0];
    const [state, effects] = run(rebuilt, received(candidate('A')));
    expect(doings(effects)).toEqual(['ignore']);
    expect(state.early).toEqual([]);
  });

  test('the ids of former links that are remembered are bounded', () => {
    let state = answerer(polite, 'link0');
    for (let i = 1; i <= 40; i++) state = run(state, received(offer(`link${i}`)))[0];
    expect(state.former).toHaveLength(16);
    expect(state.former.at(-1)).toBe('link39');
  });

  test('[NEG-8] an offer that comes again is answered again', () => {
    const state = run(answerer(polite), received(offer('A', 1)))[0];
    expect(run(state, received(offer('A', 1)))).toEqual([state, [{ do: 'say-answer', link: 'A', round: 1 }]]);
    expect(doings(run(state, received(offer('A', 0)))[1])).toEqual(['ignore']);
  });

  test.each([
    ['restart', restarting(answerer(polite)), 'A', 1],
    ['rebuild', run(answerer(polite), { type: 'rebuild', link: 'P' })[0], 'P', 0],
  ])(
    '[NEG-8] an answered offer that comes again into our own %s is answered again, and ours said again',
    (_, state, link, round) => {
      expect(run(state, received(offer('A', 0)))).toEqual([
        state,
        [
          { do: 'say-answer', link: 'A', round: 0 },
          { do: 'say-offer', link, round },
        ],
      ]);
    },
  );

  test('[NEG-8] a round that we offered ourselves is not one to answer', () => {
    expect(doings(run(offerer(polite), received(offer('A', 0)))[1])).toEqual(['ignore']);
    expect(doings(run(restarting(offerer(polite)), received(offer('A', 0)))[1])).toEqual(['ignore']);
  });

  test('[RES-9] a resync says again the open offer, or the last answer, and the candidates', () => {
    const resync: NegotiationInput = { type: 'resync' };
    expect(run(offering(impolite), resync)[1]).toEqual([{ do: 'say-offer', link: 'A', round: 0 }]);
    expect(run(restarting(answerer(polite)), resync)[1]).toEqual([{ do: 'say-offer', link: 'A', round: 1 }]);
    expect(run(answerer(polite), resync)[1]).toEqual([
      { do: 'say-answer', link: 'A', round: 0 },
      { do: 'say-candidates' },
    ]);
    expect(run(offerer(impolite), resync)[1]).toEqual([{ do: 'say-candidates' }]);
    expect(run(polite, resync)[1]).toEqual([]);
  });

  test('[RES-9] a restart while an offer is open says that offer again', () => {
    expect(run(offering(impolite), { type: 'restart', link: 'B' })[1]).toEqual([
      { do: 'say-offer', link: 'A', round: 0 },
    ]);
  });

  test('[NEG-10] a step that failed leaves the state as it was, but a rollback stays done', () => {
    const before = restarting(answerer(polite));
    const [, effects] = run(before, received(offer('A', 1)));
    expect(failNegotiation(before, [])).toBe(before);
    expect(failNegotiation(before, effects.slice(0, 1)).phase).toEqual({
      at: 'stable',
      link: 'A',
      round: 0,
      role: 'answerer',
    });
    expect(failNegotiation(polite, [])).toBe(polite);
  });
});

describe('a restart that is asked for', () => {
  const asks = (link: string, round: number): LinkSignal => ({ kind: 'restart', link, round });

  test('[NEG-11] names the link and the round that the polite end knows', () => {
    const [state] = run(polite, received(offer('A')));
    expect(run(state, { type: 'ask' })[1]).toEqual([{ do: 'ask', link: 'A', round: 0 }]);
    expect(run(polite, { type: 'ask' })[1]).toEqual([]);
  });

  test('[NEG-11] is told to the ladder of the impolite end when both know that round', () => {
    const state = offerer(impolite);
    const { link, round } = state.phase as Stable;
    expect(run(state, received(asks(link, round)))).toEqual([state, [{ do: 'asked' }]]);
  });

  test('[NEG-11] is dropped where the other end has gone on, and at a polite end', () => {
    const state = offerer(impolite);
    const { link, round } = state.phase as Stable;
    expect(doings(run(state, received(asks(link, round + 1)))[1])).toEqual(['ignore']);
    expect(doings(run(state, received(asks('other', round)))[1])).toEqual(['ignore']);
    expect(doings(run(restarting(state), received(asks(link, round)))[1])).toEqual(['ignore']);
    expect(doings(run(impolite, received(asks(link, round)))[1])).toEqual(['ignore']);
    const [answered] = run(polite, received(offer('A')));
    expect(doings(run(answered, received(asks('A', 0)))[1])).toEqual(['ignore']);
  });

  test('[NEG-11] of an offer that is still open has that said again: its answer was lost', () => {
    const state = restarting(offerer(impolite));
    const { link, round } = state.phase as Offering;
    expect(doings(run(state, received(asks(link, round)))[1])).toEqual(['say-offer']);
  });
});
