// The few steps of a call that everyone should know, and when each first happened.

import type { TraceEvent } from '@maru/client';

/** The milestones in the order in which they are shown. */
export const MILESTONES = ['Offer', 'Candidate', 'Answer', 'Ice', 'Dtls', 'Channel', 'Frame'] as const;
export type Milestone = (typeof MILESTONES)[number];

/** Milliseconds from the press of Call to each milestone; null while it has not happened. */
export type MilestoneTimes = Readonly<Record<Milestone, number | null>>;

/** True for the event that is this milestone, seen from the calling end. */
const IS: Readonly<Record<Exclude<Milestone, 'Frame'>, (event: TraceEvent) => boolean>> = {
  Offer: (event) => event.kind === 'description' && event.step === 'created' && event.type === 'offer',
  Answer: (event) => event.kind === 'description' && event.step === 'set-remote' && event.type === 'answer',
  Candidate: (event) => event.kind === 'candidate',
  Ice: (event) =>
    event.kind === 'ice-connection-state' && (event.state === 'connected' || event.state === 'completed'),
  Dtls: (event) => event.kind === 'dtls-state' && event.state === 'connected',
  Channel: (event) => event.kind === 'data-channel' && event.state === 'open',
};

/** Finds the first event of each kind. `frameAt` comes from the picture itself, which knows best. */
export function milestoneTimes(
  events: readonly TraceEvent[],
  calledAt: number,
  frameAt: number | null,
): MilestoneTimes {
  const first = (isIt: (event: TraceEvent) => boolean): number | null => {
    const event = events.find(isIt);
    return event === undefined ? null : event.at - calledAt;
  };
  return {
    Offer: first(IS.Offer),
    Candidate: first(IS.Candidate),
    Answer: first(IS.Answer),
    Ice: first(IS.Ice),
    Dtls: first(IS.Dtls),
    Channel: first(IS.Channel),
    Frame: frameAt === null ? null : frameAt - calledAt,
  };
}
