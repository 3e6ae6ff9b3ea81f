// The four things that a peer can send. Each is one pre-negotiated m-line on every link, in this order.

/** The lines in m-line order: index 0 is the first m-section of every offer. */
export const LINES = ['mic', 'camera', 'screen', 'screenAudio'] as const;

/** One of the four things that a peer can send. */
export type Line = (typeof LINES)[number];

/** The media kind of each line, as `addTransceiver` takes it (W3C webrtc-pc, section 5.1). */
export const LINE_KIND = {
  mic: 'audio',
  camera: 'video',
  screen: 'video',
  screenAudio: 'audio',
} as const satisfies Record<Line, 'audio' | 'video'>;

/** One value for each line. */
export function byLine<T>(value: (line: Line) => T): Record<Line, T> {
  return Object.fromEntries(LINES.map((line) => [line, value(line)])) as Record<Line, T>;
}
