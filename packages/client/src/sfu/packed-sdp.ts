// Session descriptions as they travel to and from the SFU: raw DEFLATE (RFC 1951) of their UTF-8 bytes, in base64.

/** The protocol's own bound; written here because this chunk takes nothing at run time that the entry holds as well. */
export const MAX_UNPACKED_SDP_BYTES = 262_144;

/** Packs a description; one of thirty m-lines, which repeat themselves, comes to a tenth of its length. */
export async function packSdp(sdp: string): Promise<string> {
  const packed = new Blob([sdp]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/**
 * Unpacks a description.
 * @throws Error when it is not packed so, or comes to more than a description may.
 */
export async function unpackSdp(packed: string): Promise<string> {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let sdp = '';
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return sdp + decoder.decode();
    length += value.length;
    if (length > MAX_UNPACKED_SDP_BYTES) {
      await reader.cancel();
      throw new Error(`a description of more than ${MAX_UNPACKED_SDP_BYTES} bytes`);
    }
    sdp += decoder.decode(value, { stream: true });
  }
}
