// The one error class of the client: a stable code, what can be done, and the cause.

import { ERRORS, type ErrorCode, type MessageKey, messageKey } from '@maru/protocol';

/** Facts that the sentence for a code may need. */
export interface ErrorDetail {
  /** Most peers that the room holds, with `room-full`. */
  readonly limit?: number;
  /** When the request may be repeated, in milliseconds, with `too-fast`. */
  readonly retryAfterMs?: number;
  /**
   * Who refused a device, with `*-blocked`, where the browser tells: the person closed the question without an
   * answer, the operating system, or the embedding page's permissions policy. Absent: the person, or unknown.
   */
  readonly blockedBy?: 'dismissed' | 'system' | 'policy';
}

/** A failure with a code of the table in `@maru/protocol`. `message` is for logs; people read `messageKey`'s sentence. */
export class MaruError extends Error {
  override readonly name = 'MaruError';

  constructor(
    readonly code: ErrorCode,
    readonly detail: ErrorDetail = {},
    options?: ErrorOptions,
  ) {
    super(code, options);
  }

  /** True when the same request can succeed later without anything else changing here. */
  get retry(): boolean {
    return ERRORS[this.code].retry;
  }

  /** Key of the sentence for people. */
  get messageKey(): MessageKey {
    return messageKey(this.code);
  }
}
