// The doctor's outside world: time, patience and trust, so that a test can choose them.

export interface DoctorWorld {
  /** Unix time in milliseconds, as this machine has it. */
  unixTime(): number;
  /** The version of Node, without a `v`. */
  readonly nodeVersion: string;
  /** How long any one server may take to answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Certificates to trust besides those of Node, in PEM. */
  readonly ca?: string | undefined;
}
