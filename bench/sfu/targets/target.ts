// What is measured: something that forwards the video of one client to others, in a process of its own.

import type { Member } from '../client/member.js';

export type TargetName = 'maru' | 'floor' | 'janus';

export interface Target {
  /** The process that forwards. */
  readonly pid: number;
  /** Whether it speaks on a control channel. */
  readonly control: boolean;
  /** Whether it estimates what each subscriber can be sent, and takes several encodings. */
  readonly estimates: boolean;
  /** Lets a member in; resolves when its ICE and DTLS are done. `slots`: how many videos it sees at most. */
  admit(member: Member, slots: number): Promise<void>;
  close(): Promise<void>;
}
