// The video codecs that lines may use.

/** By the names of the IANA registry of media types (RFC 7742 and others). */
export const VIDEO_CODECS = ['VP8', 'VP9', 'H264', 'AV1'] as const;
export type VideoCodec = (typeof VIDEO_CODECS)[number];
