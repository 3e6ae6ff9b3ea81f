// Whom a connectivity check is for: the USERNAME of a STUN binding request (RFC 8489, section 5; RFC 8445, section 7.2.2).

const HEADER_LENGTH = 20;
const BINDING_REQUEST = 0x0001;
const MAGIC_COOKIE = 0x2112a442;
const USERNAME = 0x0006;
const COLON = 0x3a;

/**
 * The username fragment of the end that a check is sent to, which stands before the colon; null for whatever is no check.
 * Never throws.
 */
export function checkedFragment(datagram: Buffer): string | null {
  if (datagram.length < HEADER_LENGTH || datagram.readUInt16BE(0) !== BINDING_REQUEST) return null;
  if (datagram.readUInt32BE(4) !== MAGIC_COOKIE) return null;
  if (datagram.readUInt16BE(2) !== datagram.length - HEADER_LENGTH) return null;
  for (let at = HEADER_LENGTH; at + 4 <= datagram.length; ) {
    const length = datagram.readUInt16BE(at + 2);
    const value = datagram.subarray(at + 4, at + 4 + length);
    if (value.length < length) return null;
    if (datagram.readUInt16BE(at) === USERNAME) {
      const colon = value.indexOf(COLON);
      return colon > 0 ? value.toString('latin1', 0, colon) : null;
    }
    // Values are padded to four bytes.
    at += 4 + ((length + 3) & ~3);
  }
  return null;
}
