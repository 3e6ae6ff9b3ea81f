// Why the server could not start, in one sentence that says what to do.

/** Exit status for a wrong flag or setting, as is usual for command lines. */
export const EXIT_USAGE = 2;

/** Exit status for everything else that stops a start. */
export const EXIT_FAILURE = 1;

/** A failure that the person who starts the server can mend; the message is the whole remedy. */
export class StartError extends Error {
  override readonly name = 'StartError';

  constructor(
    message: string,
    /** The status that the process ends with. */
    readonly exitStatus: typeof EXIT_USAGE | typeof EXIT_FAILURE,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}

/** The `code` of a Node system error such as `EADDRINUSE`, or null. */
export function systemCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
