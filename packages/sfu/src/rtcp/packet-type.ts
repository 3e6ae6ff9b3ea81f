// RTCP packet types and feedback message types (IANA "RTP parameters"; RFC 3550, RFC 4585, RFC 5104).

/** The header in front of every RTCP packet, in bytes (RFC 3550, section 6.4.1). */
export const RTCP_HEADER_LENGTH = 4;

/** That header with the SSRCs of the sender and of the media source (RFC 4585, section 6.1). */
export const FEEDBACK_HEADER_LENGTH = 12;

/** The header's count has five bits: more reports, chunks or sources go into a further packet. */
export const MAX_COUNT = 31;

export const SENDER_REPORT = 200;
export const RECEIVER_REPORT = 201;
export const SOURCE_DESCRIPTION = 202;
export const GOODBYE = 203;

/** RTPFB: transport layer feedback, with its message types. */
export const TRANSPORT_LAYER_FEEDBACK = 205;
export const FORMAT_GENERIC_NACK = 1;
export const FORMAT_TRANSPORT_FEEDBACK = 15;

/** PSFB: payload-specific feedback, with its message types. */
export const PAYLOAD_SPECIFIC_FEEDBACK = 206;
export const FORMAT_PICTURE_LOSS = 1;
export const FORMAT_FULL_INTRA = 4;
export const FORMAT_APPLICATION = 15;
