// Plain tallies, kept always and read by whoever wants figures (MSG-4).

import type { ServerErrorCode } from '@maru/protocol';

export class Counts {
  /** Messages by type; `invalid` for those that could not be read. */
  readonly messages = new Map<string, number>();
  readonly refused = new Map<ServerErrorCode, number>();

  message(type: string): void {
    this.messages.set(type, (this.messages.get(type) ?? 0) + 1);
  }

  refusal(code: ServerErrorCode): void {
    this.refused.set(code, (this.refused.get(code) ?? 0) + 1);
  }
}
