// What is done to a connection with its steps traced: setting its own description, replacing its tracks.

import type { Trace } from '../trace/trace-event.js';
import type { LineTracks } from './peer-link.js';
import type { Connection } from './rtc-connection.js';
import { applyTracks } from './rtc-lines.js';

/** Sets an offer or answer that the connection has made as its own. Candidates are counted anew from here. */
export async function setLocalDescription(
  trace: Trace,
  { pc, traced, trickled }: Connection,
  made: RTCSessionDescriptionInit,
): Promise<void> {
  const type = made.type === 'answer' ? 'answer' : 'offer';
  const description = { kind: 'description', type, sdp: made.sdp ?? '', ...traced } as const;
  trace.record({ ...description, step: 'created' });
  trickled.length = 0;
  await pc.setLocalDescription(made);
  trace.record({ ...description, step: 'set-local' });
}

/** Makes each line send what it should from now on. A failure is traced: the tracks are sent again with the next change. */
export function sendTracks(trace: Trace, { pc, signal, traced }: Connection, tracks: LineTracks): void {
  applyTracks(pc, tracks).catch((error: unknown) => {
    if (signal.aborted) return; // The connection is gone, and its senders with it.
    trace.trouble(traced, 'error', 'replaceTrack', error);
  });
}
