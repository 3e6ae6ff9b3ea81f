// What libdatachannel is told of the browser, and what it answers.
//
// It hands every RTP and RTCP packet of a BUNDLE to one track when its description has exactly one m-line of media: so the
// browser is described as a single video line, whatever it offers.

import { type MediaDescription, parse, type SessionDescription, write } from 'sdp-transform';
import { readSctp } from './data-section.js';
import type { LinkPlan } from './link-plan.js';
import { readCredentials, readFingerprint } from './offered-transport.js';
import type { PipeTransport } from './pipe-transport.js';

/** Seen by libdatachannel alone. */
const MEDIA_MID = 'media';
const DATA_MID = 'data';
const PAYLOAD_TYPE = 96;

/** The offer for libdatachannel, whose answer `readPipeAnswer` reads. */
export function composePipeOffer(plan: LinkPlan): string {
  const { remote, data } = plan;
  const media: MediaDescription[] = [
    {
      type: 'video',
      port: 9,
      protocol: 'UDP/TLS/RTP/SAVPF',
      payloads: String(PAYLOAD_TYPE),
      connection: { version: 4, ip: '0.0.0.0' },
      mid: MEDIA_MID,
      direction: 'sendrecv',
      rtcpMux: 'rtcp-mux',
      rtp: [{ payload: PAYLOAD_TYPE, codec: 'VP8', rate: 90_000 }],
      fmtp: [],
    },
  ];
  if (data) {
    media.push({
      type: 'application',
      port: 9,
      protocol: 'UDP/DTLS/SCTP',
      payloads: 'webrtc-datachannel',
      connection: { version: 4, ip: '0.0.0.0' },
      mid: DATA_MID,
      sctpPort: data.sctpPort,
      maxMessageSize: data.maxMessageSize,
      rtp: [],
      fmtp: [],
    });
  }
  const session: SessionDescription = {
    version: 0,
    origin: {
      username: '-',
      sessionId: plan.feedbackSsrc,
      sessionVersion: 1,
      netType: 'IN',
      ipVer: 4,
      address: '127.0.0.1',
    },
    name: '-',
    timing: { start: 0, stop: 0 },
    groups: [{ type: 'BUNDLE', mids: media.map(({ mid }) => mid).join(' ') }],
    iceUfrag: remote.usernameFragment,
    icePwd: remote.password,
    // Its candidates are learnt from its checks, and there will be no others.
    iceOptions: 'trickle',
    fingerprint: { type: remote.fingerprint.algorithm, hash: remote.fingerprint.value },
    setup: 'active',
    media,
  };
  return write(session);
}

/** Null when it is no answer to such an offer. */
export function readPipeAnswer(sdp: string): Omit<PipeTransport, 'candidates'> | null {
  const session = parse(sdp);
  const media = session.media.find(({ type }) => type === 'video');
  if (!media || media.port === 0) return null;
  const credentials = readCredentials(session, media);
  const fingerprint = readFingerprint(session, media);
  if (!credentials || !fingerprint) return null;
  const data = session.media.find(({ type }) => type === 'application');
  const sctp = data && readSctp(data);
  if (sctp && !sctp.ok) return null;
  return { ...credentials, fingerprint, sctp: sctp?.value ?? null };
}
