// What the bench tells its child processes and what they tell it, over Node's own channel between processes.

/** From a server, once it listens. */
export interface Ready {
  readonly kind: 'ready';
  readonly port: number;
}

/** From a server, when asked for its usage. */
export interface Usage {
  readonly kind: 'usage';
  readonly rssBytes: number;
  /** User and system time since the process began. */
  readonly cpuMicroseconds: number;
}

/** To a server. With `collect`, garbage is collected before the memory is read; processor time never counts that. */
export interface AskUsage {
  readonly kind: 'ask-usage';
  readonly collect: boolean;
}

/** To the load generator: connections that do nothing; the answer comes once all are in their rooms. */
export interface HoldIdle {
  readonly kind: 'idle';
  readonly connections: number;
}

/** To the load generator: messages between the pairs of the idle connections, evenly over time. */
export interface Relay {
  readonly kind: 'relay';
  readonly messagesPerSecond: number;
  readonly messageBytes: number;
  readonly forMs: number;
}

/** To the load generator: rooms of three, so many at a time, one after the other. */
export interface FillRooms {
  readonly kind: 'joins';
  readonly atATime: number;
  readonly offerLength: number;
  readonly forMs: number;
}

export type Job = HoldIdle | Relay | FillRooms | { readonly kind: 'release' };

/** From the load generator, when a job is done. */
export interface JobDone {
  readonly kind: 'done';
  /** Messages that arrived, or rooms that were filled. */
  readonly count: number;
  readonly elapsedMs: number;
  /** From sending to arriving at the other client, in milliseconds, sorted. */
  readonly roundTrips: readonly number[];
}

/** From the load generator, when a job could not be done. */
export interface JobFailed {
  readonly kind: 'failed';
  readonly reason: string;
}

export type FromChild = Ready | Usage | JobDone | JobFailed;
