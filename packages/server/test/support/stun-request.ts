// STUN requests for tests (RFC 8489, section 5).

/** A request of these attributes: type and text each. */
export function stunRequest(
  attributes: readonly (readonly [type: number, text: string])[],
  type = 0x0001,
  cookie = 0x2112a442,
): Buffer {
  const body = Buffer.concat(
    attributes.map(([attribute, text]) => {
      const value = Buffer.alloc(4 + Math.ceil(text.length / 4) * 4);
      value.writeUInt16BE(attribute, 0);
      value.writeUInt16BE(text.length, 2);
      value.write(text, 4, 'latin1');
      return value;
    }),
  );
  const header = Buffer.alloc(20, 7);
  header.writeUInt16BE(type, 0);
  header.writeUInt16BE(body.length, 2);
  header.writeUInt32BE(cookie, 4);
  return Buffer.concat([header, body]);
}
