// The four lines of a connection as transceivers: made by the offerer, taken up by the answerer (NEG-1).

import { LINE_KIND, LINES, type Line } from '@maru/protocol';
import { preferCodecs } from './browser-codecs.js';
import type { LineTracks } from './peer-link.js';

/** What each sender was asked to send last. Its own `track` is that only once replaceTrack has ended. */
const asked = new WeakMap<RTCRtpSender, MediaStreamTrack | null>();

/** The transceiver of a line; undefined before the connection has its lines. */
export function lineTransceiver(pc: RTCPeerConnection, line: Line): RTCRtpTransceiver | undefined {
  // Transceivers are listed in the order of their m-lines, on both ends (W3C webrtc-pc, section 4.4.1.5).
  return pc.getTransceivers()[LINES.indexOf(line)];
}

/** Adds the four lines to a fresh connection that will offer. */
export function offerLines(pc: RTCPeerConnection, tracks: LineTracks): void {
  const streams = makeStreams();
  for (const line of LINES) {
    const transceiver = pc.addTransceiver(tracks[line] ?? LINE_KIND[line], {
      direction: 'sendrecv',
      streams: [streams[line]],
    });
    asked.set(transceiver.sender, tracks[line]);
    preferCodecs(transceiver, LINE_KIND[line]);
  }
}

/**
 * Takes up the four lines of an offer that was set on a fresh connection.
 * @throws Error when the offer does not have them in their order.
 */
export async function answerLines(pc: RTCPeerConnection, tracks: LineTracks): Promise<void> {
  const kinds = pc.getTransceivers().map(({ receiver }) => receiver.track.kind);
  if (kinds.join() !== LINES.map((line) => LINE_KIND[line]).join()) {
    throw new Error(`lines: ${kinds.join()}`);
  }
  const streams = makeStreams();
  for (const line of LINES) {
    const transceiver = lineTransceiver(pc, line);
    if (!transceiver) continue;
    transceiver.direction = 'sendrecv';
    transceiver.sender.setStreams?.(streams[line]);
    preferCodecs(transceiver, LINE_KIND[line]);
  }
  await applyTracks(pc, tracks);
}

/** Makes each line send the track it should; a line that does already is left alone. Never a renegotiation (NEG-9). */
export async function applyTracks(pc: RTCPeerConnection, tracks: LineTracks): Promise<void> {
  await Promise.all(
    LINES.map(async (line) => {
      const sender = lineTransceiver(pc, line)?.sender;
      const track = tracks[line];
      if (!sender || asked.get(sender) === track) return;
      asked.set(sender, track);
      try {
        // One after the other, in the order in which they were asked for (W3C webrtc-pc, section 4.4.1.2, chain).
        await sender.replaceTrack(track);
      } catch (error) {
        // Whatever it sends now, the next change asks for its track again.
        asked.delete(sender);
        throw error;
      }
    }),
  );
}

/** One stream for the person and one for the screen, so that receivers play each in sync (RFC 8829, section 5.2.1). */
function makeStreams(): Record<Line, MediaStream> {
  const person = new MediaStream();
  const screen = new MediaStream();
  return { mic: person, camera: person, screen, screenAudio: screen };
}
