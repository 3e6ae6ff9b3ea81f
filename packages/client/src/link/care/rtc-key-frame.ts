// Makes an encoder begin anew with a key frame (W3C webrtc-extensions, RTCSetParameterOptions). replaceTrack does not.

import type { Line } from '@maru/protocol';

/** The places of the lines that carry pictures among a link's m-lines (NEG-1). */
const PICTURES: Readonly<Partial<Record<Line, number>>> = { camera: 1, screen: 2 };

/** As in W3C webrtc-extensions, section 5.2; the compiler's library does not have it. */
interface EncodingOptions {
  readonly encodingOptions: readonly { readonly keyFrame: boolean }[];
}

/**
 * Asks for a key frame on a line; false where it sends no picture. Where a browser does not know the option, nothing
 * happens. Rejects when the connection is closed.
 */
export async function makeKeyFrame(pc: RTCPeerConnection, line: Line): Promise<boolean> {
  const sender = pc.getTransceivers()[PICTURES[line] ?? -1]?.sender;
  const parameters = sender?.getParameters();
  // Without encodings nothing was negotiated yet.
  if (!sender?.track || !parameters || parameters.encodings.length === 0) return false;
  const options: EncodingOptions = { encodingOptions: parameters.encodings.map(() => ({ keyFrame: true })) };
  await sender.setParameters(parameters, options);
  return true;
}
