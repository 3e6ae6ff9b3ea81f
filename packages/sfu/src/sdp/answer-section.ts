// One m-line of the answer: what a line, a slot or data channels are answered with.

import type { MediaDescription } from 'sdp-transform';
import type { SlotPlan } from './link-plan.js';
import type { PipeTransport } from './pipe-transport.js';
import type { DataPlan, RtpSection, RtpTerms } from './section-plan.js';

/** The canonical name of all that the SFU sends (RFC 3550, section 6.5.1): its streams share one clock. */
const CNAME = 'maru';

/** What `composeAnswer` adds to every m-line. */
type Added = 'port' | 'connection';

export function answerRtp(section: RtpSection): Omit<MediaDescription, Added> {
  const { terms } = section;
  switch (section.use) {
    case 'idle':
      return { ...described(terms), direction: 'inactive' };
    case 'slot':
      return { ...described(terms), direction: 'sendonly', ...slotStreams(section.slot) };
    case 'line': {
      const answer = { ...described(terms), direction: 'recvonly' } as const;
      if (section.rids.length === 0) return answer;
      return {
        ...answer,
        rids: section.rids.map(({ rid, parameters }) => ({
          id: rid,
          direction: 'recv',
          ...(parameters === '' ? {} : { params: parameters }),
        })),
        simulcast: { dir1: 'recv', list1: section.rids.map(({ rid }) => rid).join(';') },
      };
    }
  }
}

export function answerData(data: DataPlan, sctp: PipeTransport['sctp']): Omit<MediaDescription, Added> {
  return {
    type: 'application',
    protocol: 'UDP/DTLS/SCTP',
    payloads: 'webrtc-datachannel',
    mid: data.mid,
    sctpPort: sctp?.sctpPort ?? data.sctpPort,
    maxMessageSize: sctp?.maxMessageSize ?? data.maxMessageSize,
    rtp: [],
    fmtp: [],
  };
}

function described(terms: RtpTerms): Omit<MediaDescription, Added> {
  const rtp: MediaDescription['rtp'] = [];
  const fmtp: MediaDescription['fmtp'] = [];
  const rtcpFb: NonNullable<MediaDescription['rtcpFb']> = [];
  for (const codec of terms.codecs) {
    const { payloadType: payload, rtxPayloadType, channels } = codec;
    rtp.push({
      payload,
      codec: codec.name,
      rate: codec.clockRate,
      ...(channels === null ? {} : { encoding: channels }),
    });
    if (codec.parameters !== '') fmtp.push({ payload, config: codec.parameters });
    for (const feedback of codec.feedback) rtcpFb.push({ payload, type: feedback });
    if (rtxPayloadType === null) continue;
    rtp.push({ payload: rtxPayloadType, codec: 'rtx', rate: codec.clockRate });
    fmtp.push({ payload: rtxPayloadType, config: `apt=${payload}` });
  }
  return {
    type: terms.kind,
    protocol: 'UDP/TLS/RTP/SAVPF',
    payloads: rtp.map(({ payload }) => payload).join(' '),
    mid: terms.mid,
    ext: terms.extensions.map(({ id, uri, direction }) => ({
      value: id,
      uri,
      ...(direction === null ? {} : { direction }),
    })),
    ...(terms.mixed ? { extmapAllowMixed: 'extmap-allow-mixed' } : {}),
    rtcpMux: 'rtcp-mux',
    ...(terms.reducedSize ? { rtcpRsize: 'rtcp-rsize' } : {}),
    rtp,
    fmtp,
    rtcpFb,
  };
}

/** Audio and video of one index are one MediaStream (RFC 8830): the browser plays them in lip sync. */
function slotStreams(slot: SlotPlan): Pick<MediaDescription, 'msid' | 'ssrcs' | 'ssrcGroups'> {
  const { ssrc, rtxSsrc, index, kind } = slot;
  const repaired = slot.codecs.some(({ rtxPayloadType }) => rtxPayloadType !== null);
  const ssrcs = repaired ? [ssrc, rtxSsrc] : [ssrc];
  return {
    msid: [{ id: `seat-${index}`, appdata: `${kind}-${index}` }],
    ssrcs: ssrcs.map((id) => ({ id, attribute: 'cname', value: CNAME })),
    ...(repaired ? { ssrcGroups: [{ semantics: 'FID', ssrcs: ssrcs.join(' ') }] } : {}),
  };
}
