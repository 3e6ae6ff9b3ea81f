// How large a text is as a message: in UTF-8, as sockets carry it (RFC 6455, section 5.6).

const encoder = new TextEncoder();

/** The size of a text in bytes. */
export function messageSize(text: string): number {
  return encoder.encode(text).length;
}
