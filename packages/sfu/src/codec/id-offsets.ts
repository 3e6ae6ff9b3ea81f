// What is added to a source's picture ids, packed into one integer of 28 bits: so small that one can be kept per packet.

/** A picture id has at most 15 bits, TL0PICIDX has 8, KEYIDX 5. */
export const PICTURE_ID_MASK = 0x7fff;
export const TL0_MASK = 0xff;
export const KEY_INDEX_MASK = 0x1f;

/** Each is taken modulo its width, so differences can be given as they are. */
export function packOffsets(pictureId: number, tl0PictureIndex: number, keyIndex: number): number {
  return (
    (pictureId & PICTURE_ID_MASK) | ((tl0PictureIndex & TL0_MASK) << 15) | ((keyIndex & KEY_INDEX_MASK) << 23)
  );
}

export function pictureIdOffset(packed: number): number {
  return packed & PICTURE_ID_MASK;
}

export function tl0PictureIndexOffset(packed: number): number {
  return (packed >> 15) & TL0_MASK;
}

export function keyIndexOffset(packed: number): number {
  return (packed >> 23) & KEY_INDEX_MASK;
}

/** `a - b` on a circle of `bits` bits, from minus a half of it to a half. */
export function circleDifference(a: number, b: number, bits: number): number {
  return ((a - b) << (32 - bits)) >> (32 - bits);
}

/** A source's picture id with its offset: what is written in so many bits. */
export function shiftPictureId(pictureId: number, packed: number, bits: number): number {
  return (pictureId + pictureIdOffset(packed)) & (bits === 15 ? PICTURE_ID_MASK : 0x7f);
}

/** Writes a picture id of 7 bits, or of 15 bits with the M bit before it (the same in VP8 and VP9). */
export function writePictureId(bytes: Uint8Array, at: number, pictureId: number, bits: number): void {
  if (bits === 15) {
    bytes[at] = 0x80 | (pictureId >> 8);
    bytes[at + 1] = pictureId & 0xff;
  } else {
    bytes[at] = pictureId;
  }
}
