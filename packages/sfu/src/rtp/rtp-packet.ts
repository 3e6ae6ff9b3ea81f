// One RTP packet (RFC 3550, section 5.1), read where it lies: offsets into its bytes, nothing copied.

/** Length of the fixed header, in bytes. */
export const RTP_HEADER_LENGTH = 12;

/** A packet whose header was found sound. Offsets count from the first byte of `bytes`. */
export interface RtpPacket {
  /** The whole packet. The SFU keeps it, and never changes it. */
  readonly bytes: Buffer;
  readonly marker: boolean;
  /** 0 to 127. */
  readonly payloadType: number;
  /** 16 bits. */
  readonly sequenceNumber: number;
  /** 32 bits, unsigned, in units of the codec's clock. */
  readonly timestamp: number;
  /** 32 bits, unsigned. */
  readonly ssrc: number;
  /** Where the data of the header extension begins (behind its own four bytes), 0 when there is none. */
  readonly extensionOffset: number;
  /** Length of that data, in bytes. */
  readonly extensionLength: number;
  /** The 16 bits "defined by profile": 0xbede for one-byte elements, 0x1000 to 0x100f for two-byte ones (RFC 8285). */
  readonly extensionProfile: number;
  readonly payloadOffset: number;
  /** Without padding; 0 for a packet of padding alone. */
  readonly payloadLength: number;
}

/** Reads a packet; null when it is not RTP version 2 or its lengths do not fit. */
export function readRtp(bytes: Buffer): RtpPacket | null {
  const length = bytes.length;
  if (length < RTP_HEADER_LENGTH) return null;
  const first = bytes[0] as number;
  if (first >> 6 !== 2) return null;
  let offset = RTP_HEADER_LENGTH + (first & 0x0f) * 4;
  let extensionOffset = 0;
  let extensionLength = 0;
  let extensionProfile = 0;
  if (first & 0x10) {
    if (offset + 4 > length) return null;
    extensionProfile = bytes.readUInt16BE(offset);
    extensionLength = bytes.readUInt16BE(offset + 2) * 4;
    extensionOffset = offset + 4;
    offset = extensionOffset + extensionLength;
  }
  if (offset > length) return null;
  let payloadLength = length - offset;
  if (first & 0x20) {
    const padding = bytes[length - 1] as number;
    if (padding === 0 || padding > payloadLength) return null;
    payloadLength -= padding;
  }
  const second = bytes[1] as number;
  return {
    bytes,
    marker: (second & 0x80) !== 0,
    payloadType: second & 0x7f,
    sequenceNumber: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    ssrc: bytes.readUInt32BE(8),
    extensionOffset,
    extensionLength,
    extensionProfile,
    payloadOffset: offset,
    payloadLength,
  };
}

/** Whether a packet of an RTP session is RTCP: its second byte is 192 to 223 (RFC 5761, section 4; RFC 7983). */
export function isRtcp(bytes: Buffer): boolean {
  const second = bytes[1];
  return second !== undefined && second >= 192 && second <= 223;
}
