// The SFU's end of a link's transport, as libdatachannel describes it.

import type { Fingerprint } from './section-plan.js';

export interface PipeTransport {
  readonly usernameFragment: string;
  readonly password: string;
  readonly fingerprint: Fingerprint;
  /** Where it is reached over UDP, the best first. */
  readonly candidates: readonly { readonly address: string; readonly port: number }[];
  /** Null where there are no data channels. */
  readonly sctp: {
    readonly sctpPort: number;
    /** Largest message that it takes, in bytes; 0 = of any size. */
    readonly maxMessageSize: number;
  } | null;
}
