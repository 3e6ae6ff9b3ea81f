// Frame numbers of dependency descriptors (AV1 RTP payload format, appendix A): the three mandatory bytes hold them.
// Over a switch of source they are given an offset, like picture ids; they do not close up over dropped frames, since
// references and chains count in frame numbers and gaps are foreseen.

/** Where the number begins in the extension's data: behind one byte. */
const POSITION = 1;

/** Frame number, 16 bits, of an extension's data that begins at `at`; -1 when it does not fit before `end`. */
export function readFrameNumber(bytes: Uint8Array, at: number, end = bytes.length): number {
  if (at < 0 || at + POSITION + 2 > end) return -1;
  return ((bytes[at + POSITION] as number) << 8) | (bytes[at + POSITION + 1] as number);
}
