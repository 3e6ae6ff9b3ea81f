// The negotiation of one link as a pure state machine: what came in, what is to be done. No connection in here.

import type { CandidateSignal, DescriptionSignal, LinkSignal, RestartSignal } from '@maru/protocol';

/**
 * Most candidates that wait for their description (NEG-7). A browser with three interfaces, IPv4 and IPv6, STUN
 * and TURN gathers about 40 in a BUNDLE; 256 leaves room for several generations and still bounds memory.
 */
export const MAX_EARLY_CANDIDATES = 256;

/** How many ids of former links are remembered, to tell their late candidates from early ones. */
const MAX_FORMER_LINKS = 16;

/** Both descriptions are in place; `role` says which end offered last. */
export interface Stable {
  readonly at: 'stable';
  readonly link: string;
  readonly round: number;
  readonly role: 'offerer' | 'answerer';
}

/** An own offer is open. `base` is what a rollback returns to; null when the connection is fresh. */
export interface Offering {
  readonly at: 'offering';
  readonly link: string;
  readonly round: number;
  readonly base: Stable | null;
}

/** Where the negotiation of a link stands. */
export interface Negotiation {
  readonly polite: boolean;
  readonly phase: { readonly at: 'none' } | Offering | Stable;
  /** Highest round used on this link by either end: a round names one offer, even if that is rolled back. */
  readonly lastRound: number;
  /** The last offer that was answered, whatever came after: the answer may have been lost (NEG-8). */
  readonly answered: { readonly link: string; readonly round: number } | null;
  /** Candidates whose description has not come yet. */
  readonly early: readonly CandidateSignal[];
  /** Ids of links that are over, the latest last. */
  readonly former: readonly string[];
}

/**
 * What may happen to a negotiation. `link` is a fresh id, used if the input leads to a fresh connection; that of `relay`
 * goes over relays alone. `ask`: have the other end restart ICE.
 */
export type NegotiationInput =
  | { readonly type: 'offer' | 'restart' | 'rebuild' | 'relay'; readonly link: string }
  | { readonly type: 'ask' }
  | { readonly type: 'signal'; readonly signal: LinkSignal }
  | { readonly type: 'resync' };

/** What is to be done, in order. `fresh` asks for a new connection; it takes the old one's place once it is described. */
export type NegotiationEffect =
  | {
      readonly do: 'offer';
      readonly link: string;
      readonly round: number;
      readonly fresh: boolean;
      /** True for a fresh connection over relays alone. */
      readonly relay?: boolean;
    }
  /** Asks the other end for an ICE restart of this round of the link. */
  | { readonly do: 'ask'; readonly link: string; readonly round: number }
  /** The other end asks for an ICE restart. */
  | { readonly do: 'asked' }
  | { readonly do: 'rollback' }
  | { readonly do: 'answer'; readonly offer: DescriptionSignal; readonly fresh: boolean }
  | { readonly do: 'settle'; readonly answer: DescriptionSignal }
  | { readonly do: 'add-candidates'; readonly candidates: readonly CandidateSignal[] }
  /** Says the open offer, or the last answer, again with all candidates so far. */
  | { readonly do: 'say-offer' | 'say-answer'; readonly link: string; readonly round: number }
  /** Says again the candidates that were trickled since the last description, unless there is a path already. */
  | { readonly do: 'say-candidates' }
  /** What is of a former link or round, or one candidate too many. */
  | { readonly do: 'ignore'; readonly signal: LinkSignal };

type Stepped = readonly [Negotiation, readonly NegotiationEffect[]];

/** A negotiation before anything was said; with `offered`, one whose offer was prepared and is open already. */
export function startNegotiation(polite: boolean, offered?: string): Negotiation {
  const phase = offered
    ? ({ at: 'offering', link: offered, round: 0, base: null } as const)
    : ({ at: 'none' } as const);
  return { polite, phase, lastRound: 0, answered: null, early: [], former: [] };
}

/** One input in, the next state and what is to be done out. */
export function stepNegotiation(state: Negotiation, input: NegotiationInput): Stepped {
  switch (input.type) {
    case 'offer':
      return state.phase.at === 'none' ? offerFresh(state, input.link) : [state, []];
    case 'restart':
      return restart(state, input.link);
    case 'rebuild':
      return offerFresh(state, input.link);
    case 'relay':
      return offerFresh(state, input.link, true);
    case 'ask':
      return [state, state.phase.at === 'stable' ? [say('ask', state.phase)] : []];
    case 'resync':
      return resync(state);
    case 'signal':
      break;
  }
  const { signal } = input;
  switch (signal.kind) {
    case 'offer':
      return receiveOffer(state, signal);
    case 'answer':
      return receiveAnswer(state, signal);
    case 'candidate':
      return receiveCandidate(state, signal);
    case 'restart':
      return receiveRestart(state, signal);
  }
}

/**
 * The state to go on from when an effect of a step failed: that before the step, since a failed effect changes
 * nothing, except that a rollback that was done stays done.
 */
export function failNegotiation(before: Negotiation, done: readonly NegotiationEffect[]): Negotiation {
  const { phase } = before;
  const rolledBack = done.some((effect) => effect.do === 'rollback');
  return rolledBack && phase.at === 'offering' && phase.base ? { ...before, phase: phase.base } : before;
}

function offerFresh(state: Negotiation, link: string, relay = false): Stepped {
  const next: Negotiation = {
    ...state,
    phase: { at: 'offering', link, round: 0, base: null },
    lastRound: 0,
    early: [],
    former: remember(state, currentLink(state)),
  };
  return [next, [{ do: 'offer', link, round: 0, fresh: true, relay }]];
}

function restart(state: Negotiation, link: string): Stepped {
  const { phase } = state;
  if (phase.at === 'none') return offerFresh(state, link);
  // The open offer has not been answered: a newer one could not be made before it is, so it is said again.
  if (phase.at === 'offering') return [state, [say('say-offer', phase)]];
  const round = state.lastRound + 1;
  return [
    { ...state, phase: { at: 'offering', link: phase.link, round, base: phase }, lastRound: round },
    [{ do: 'offer', link: phase.link, round, fresh: false }],
  ];
}

function resync(state: Negotiation): Stepped {
  const { phase } = state;
  if (phase.at === 'none') return [state, []];
  if (phase.at === 'offering') return [state, [say('say-offer', phase)]];
  // Candidates by themselves too: an offerer that has had the answer drops it when it comes again (NEG-6).
  const answers = phase.role === 'answerer' ? [say('say-answer', phase)] : [];
  return [state, [...answers, { do: 'say-candidates' }]];
}

function receiveOffer(state: Negotiation, offer: DescriptionSignal): Stepped {
  const { phase } = state;
  if (phase.at === 'none') return answerFresh(state, offer);
  if (phase.at === 'offering') return receiveCrossingOffer(state, phase, offer);
  if (offer.link !== phase.link) {
    return state.former.includes(offer.link) ? ignore(state, offer) : answerFresh(state, offer);
  }
  if (offer.round > phase.round) return answerSame(state, offer, []);
  if (isAnswered(state, offer)) return [state, [say('say-answer', offer)]];
  return ignore(state, offer);
}

/** Glare: an offer came while our own is open (NEG-3, NEG-4). */
function receiveCrossingOffer(state: Negotiation, own: Offering, offer: DescriptionSignal): Stepped {
  if (!state.polite) {
    // The other end has left the link that our offer restarts, and waits on a fresh one.
    if (own.base && offer.link !== own.link && !state.former.includes(offer.link))
      return answerFresh(state, offer);
    // The other end may never have got ours: it would wait for an answer for good.
    return [state, [{ do: 'ignore', signal: offer }, say('say-offer', own)]];
  }
  // It waits for an answer that it has not had yet, and drops our offer until then: it needs both.
  if (isAnswered(state, offer)) return [state, [say('say-answer', offer), say('say-offer', own)]];
  const { base } = own;
  if (offer.link !== own.link) {
    // Even a link that we have left: its offerer waits for an answer. Not a restart of it: that gives way to our offer.
    return offer.round > 0 && state.former.includes(offer.link)
      ? ignore(state, offer)
      : answerFresh(state, offer);
  }
  // The other end answered our first offer, the answer was lost, and it has gone on: join it there.
  if (!base) return offer.round > own.round ? answerFresh(state, offer) : ignore(state, offer);
  if (offer.round > base.round) return answerSame(state, offer, [{ do: 'rollback' }]);
  return ignore(state, offer);
}

function isAnswered({ answered }: Negotiation, { link, round }: DescriptionSignal): boolean {
  return answered?.link === link && answered.round === round;
}

function answerSame(
  state: Negotiation,
  offer: DescriptionSignal,
  first: readonly NegotiationEffect[],
): Stepped {
  const [next, candidates] = settled(state, offer, 'answerer');
  return [next, [...first, { do: 'answer', offer, fresh: false }, ...candidates]];
}

function answerFresh(state: Negotiation, offer: DescriptionSignal): Stepped {
  const left = currentLink(state);
  const former = remember(state, left === offer.link ? null : left).filter((link) => link !== offer.link);
  const [next, candidates] = settled({ ...state, former }, offer, 'answerer');
  return [next, [{ do: 'answer', offer, fresh: true }, ...candidates]];
}

function receiveAnswer(state: Negotiation, answer: DescriptionSignal): Stepped {
  const { phase } = state;
  if (phase.at !== 'offering' || answer.link !== phase.link || answer.round !== phase.round) {
    return ignore(state, answer);
  }
  const [next, candidates] = settled(state, answer, 'offerer');
  return [next, [{ do: 'settle', answer }, ...candidates]];
}

function receiveCandidate(state: Negotiation, signal: CandidateSignal): Stepped {
  const { phase } = state;
  if (phase.at === 'stable' && signal.link === phase.link) {
    return [state, [{ do: 'add-candidates', candidates: [signal] }]];
  }
  if (state.former.includes(signal.link)) return ignore(state, signal);
  if (state.early.length >= MAX_EARLY_CANDIDATES) return ignore(state, signal);
  return [{ ...state, early: [...state.early, signal] }, []];
}

/** The polite end hears nothing (NEG-11). What it does not know of yet answers it: only what both know is restarted. */
function receiveRestart(state: Negotiation, signal: RestartSignal): Stepped {
  const { phase, polite } = state;
  if (polite || phase.at === 'none' || phase.link !== signal.link || phase.round !== signal.round)
    return ignore(state, signal);
  // It has answered this very offer, and the answer was lost.
  return [state, [phase.at === 'offering' ? say('say-offer', phase) : { do: 'asked' }]];
}

/** Both descriptions will be in place: the candidates that waited for this link go in, others are dropped. */
function settled(state: Negotiation, { link, round }: DescriptionSignal, role: Stable['role']): Stepped {
  const candidates = state.early.filter((candidate) => candidate.link === link);
  const lastRound = link === currentLink(state) ? Math.max(state.lastRound, round) : round;
  const answered = role === 'answerer' ? { link, round } : state.answered;
  return [
    { ...state, phase: { at: 'stable', link, round, role }, lastRound, answered, early: [] },
    candidates.length > 0 ? [{ do: 'add-candidates', candidates }] : [],
  ];
}

function say(
  what: 'say-offer' | 'say-answer' | 'ask',
  { link, round }: Offering | Stable | DescriptionSignal,
): NegotiationEffect {
  return { do: what, link, round };
}

function ignore(state: Negotiation, signal: LinkSignal): Stepped {
  return [state, [{ do: 'ignore', signal }]];
}

function currentLink({ phase }: Negotiation): string | null {
  return phase.at === 'none' ? null : phase.link;
}

function remember({ former }: Negotiation, link: string | null): readonly string[] {
  if (link === null || former.includes(link)) return former;
  return [...former, link].slice(-MAX_FORMER_LINKS);
}
