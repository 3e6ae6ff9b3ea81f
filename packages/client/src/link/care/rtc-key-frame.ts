// Makes an encoder begin anew with a key frame (W3C webrtc-extensions, RTCSetParameterOptions). replaceTrack does not.

/** As in W3C webrtc-extensions, section 5.2; the compiler's library does not have it. */
interface EncodingOptions {
  readonly encodingOptions: readonly { readonly keyFrame: boolean }[];
}

/** Asks for a key frame. Where a browser does not know the option, nothing happens. */
export async function makeKeyFrame(sender: RTCRtpSender): Promise<void> {
  const parameters = sender.getParameters();
  // Nothing was negotiated: there is nothing to send yet.
  if (parameters.encodings.length === 0) return;
  const options: EncodingOptions = { encodingOptions: parameters.encodings.map(() => ({ keyFrame: true })) };
  await sender.setParameters(parameters, options);
}
