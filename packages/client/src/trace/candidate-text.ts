// Reads what a trace shows of an ICE candidate from its text (RFC 8839, section 5.1).

/** The parts of a candidate that a person wants to see. */
export interface CandidateParts {
  /** host, srflx, prflx or relay; empty when the text has none. */
  readonly candidateType: string;
  /** udp or tcp, in small letters. */
  readonly protocol: string;
}

/** Reads `candidate:foundation component transport priority address port typ type ...`. */
export function readCandidate(candidate: string): CandidateParts {
  return {
    candidateType: / typ (\S+)/.exec(candidate)?.[1] ?? '',
    protocol: (candidate.split(' ')[2] ?? '').toLowerCase(),
  };
}

/** The candidates that a description carries, each as `candidate:...`. */
export function candidatesIn(sdp: string): string[] {
  return Array.from(sdp.matchAll(/^a=(candidate:.*?)\r?$/gm), (match) => match[1] ?? '');
}
