// The m-lines of an offer, checked one by one: what the parser leaves open is closed here.

import type { MediaDescription, SessionDescription } from 'sdp-transform';
import { type Reading, read, refuse } from './reading.js';

/** Far above any client of ours; a bound on the work that an offer can make. */
export const MAX_SECTIONS = 160;

/** An m-line whose kind, protocol, MID and direction are sound. */
export interface OfferedSection {
  readonly kind: 'audio' | 'video' | 'application';
  readonly mid: string;
  readonly direction: 'sendrecv' | 'recvonly' | 'sendonly' | 'inactive';
  /** `a=extmap-allow-mixed`, here or for the whole session. */
  readonly mixed: boolean;
  /** As parsed. The parser turns digits into numbers where its types say strings: read with `String`. */
  readonly media: MediaDescription;
}

/** A token (RFC 8866), and no longer than one header extension element carries (RFC 8285, section 4.2). */
const MID = /^[!#$%&'*+.^_`{|}~0-9A-Za-z-]{1,16}$/;

const PROTOCOLS = {
  audio: 'UDP/TLS/RTP/SAVPF',
  video: 'UDP/TLS/RTP/SAVPF',
  application: 'UDP/DTLS/SCTP',
} as const;

function isKind(type: unknown): type is OfferedSection['kind'] {
  return type === 'audio' || type === 'video' || type === 'application';
}

/** All m-lines, in order; refused unless they make one BUNDLE (RFC 8843) of RTP with multiplexed RTCP, and data. */
export function readSections(session: SessionDescription): Reading<readonly OfferedSection[]> {
  if (session.media.length > MAX_SECTIONS) return refuse(`It has more than ${MAX_SECTIONS} m-lines.`);
  const sections: OfferedSection[] = [];
  const mids = new Set<string>();
  for (const media of session.media) {
    const section = readSection(media, session);
    if (!section.ok) return section;
    const { mid } = section.value;
    if (mids.has(mid)) return refuse('Two m-lines have the same MID.');
    mids.add(mid);
    sections.push(section.value);
  }
  const reason = bundleFault(session, sections);
  return reason === null ? read(sections) : refuse(reason);
}

function readSection(media: MediaDescription, session: SessionDescription): Reading<OfferedSection> {
  const { type: kind, direction = session.direction ?? 'sendrecv' } = media;
  if (!isKind(kind)) return refuse('An m-line is neither audio nor video nor data.');
  if (media.protocol !== PROTOCOLS[kind]) return refuse(`An m-line of ${kind} is not ${PROTOCOLS[kind]}.`);
  // Firefox gives port 0 to what can only be in the BUNDLE (RFC 8843, section 7.2.1); otherwise it means rejected.
  if (media.port === 0 && media.bundleOnly === undefined) return refuse('An m-line is closed.');
  const mid = String(media.mid ?? '');
  if (!MID.test(mid)) return refuse('An m-line has no MID, or one that fits into no header extension.');
  if (kind !== 'application' && media.rtcpMux === undefined) return refuse('An m-line has no rtcp-mux.');
  const mixed = media.extmapAllowMixed !== undefined || session.extmapAllowMixed !== undefined;
  return read({ kind, mid, direction, mixed, media });
}

/** Null when all m-lines are in one BUNDLE whose transport is that of the first. */
function bundleFault(session: SessionDescription, sections: readonly OfferedSection[]): string | null {
  const group = (session.groups ?? []).find(({ type }) => type === 'BUNDLE');
  if (!group) return 'It has no BUNDLE.';
  const bundled = String(group.mids).trim().split(/ +/);
  const together = new Set(bundled);
  if (sections.some(({ mid }) => !together.has(mid))) return 'An m-line is outside the BUNDLE.';
  if (bundled.length !== sections.length) return 'The BUNDLE names m-lines that are not there.';
  if (bundled[0] !== sections[0]?.mid) return 'The BUNDLE does not begin with the first m-line.';
  return null;
}
