// From a client's offer to the plan of its link: four sending lines, then slots, then data (RFC 3264, RFC 8829).

import { parse, type SessionDescription } from 'sdp-transform';
import { negotiateCodecs } from './codec-negotiation.js';
import { meaning } from './codec-profile.js';
import { readSctp } from './data-section.js';
import { declaredStreams, freshSsrcs } from './declared-ssrc.js';
import { idsOf, negotiateExtensions, readExtensionIds } from './extension-negotiation.js';
import { type ExtensionIds, LINE_ORDER, type Planned, type SdpPolicy, type SlotPlan } from './link-plan.js';
import { relevantLines } from './offer-lines.js';
import { type OfferedFormat, readFormats } from './offered-format.js';
import { type OfferedSection, readSections } from './offered-section.js';
import { readTransport } from './offered-transport.js';
import { type Reading, read, refuse } from './reading.js';
import type { DataPlan, RtpTerms, SectionPlan } from './section-plan.js';
import { MAX_RIDS, negotiateRids } from './simulcast.js';

/** Longest offer that is read, in UTF-16 units: almost three times that of Chromium with 24 slots. */
export const MAX_OFFER_LENGTH = 262_144;

const KIND_OF_LINE = { mic: 'audio', camera: 'video', screen: 'video', screenAudio: 'audio' } as const;

/** What holds for all m-lines of an offer. */
interface Offer {
  readonly policy: SdpPolicy;
  readonly extensions: ExtensionIds;
  readonly formats: ReadonlyMap<OfferedSection, readonly OfferedFormat[]>;
}

/** Never throws, whatever the offer; a refusal's reason is a sentence that quotes nothing of it. */
export function planLink(offer: string, policy: SdpPolicy): Planned {
  if (offer.length > MAX_OFFER_LENGTH) return refuse('It is too long to be an offer.');
  const lines = relevantLines(offer);
  if (lines === null) return refuse('It has too many lines to be an offer.');
  const session = parse(lines);
  const sections = readSections(session);
  if (!sections.ok) return sections;
  const extensions = readExtensionIds(sections.value);
  if (!extensions.ok) return extensions;
  const formats = readAllFormats(sections.value);
  if (!formats.ok) return formats;
  return plan(session, sections.value, { policy, extensions: extensions.value, formats: formats.value });
}

function readAllFormats(sections: readonly OfferedSection[]): Reading<Offer['formats']> {
  const all = new Map<OfferedSection, readonly OfferedFormat[]>();
  const meanings = new Map<number, string>();
  for (const section of sections) {
    if (section.kind === 'application') continue;
    const formats = readFormats(section.media);
    all.set(section, formats);
    for (const format of formats) {
      const found = meaning(format);
      const known = meanings.get(format.payloadType) ?? found;
      if (known !== found) return refuse('A payload type has two meanings.');
      meanings.set(format.payloadType, found);
    }
  }
  return read(all);
}

function plan(session: SessionDescription, offered: readonly OfferedSection[], offer: Offer): Planned {
  const first = offered[0];
  if (!first || offered.length < LINE_ORDER.length) return refuse('It has fewer than four m-lines.');
  const remote = readTransport(session, first.media);
  if (!remote.ok) return remote;

  const nextSsrc = freshSsrcs(offer.policy.firstSsrc(), offered);
  const feedbackSsrc = nextSsrc();
  const sections: SectionPlan[] = [];
  const audioSlots: SlotPlan[] = [];
  const videoSlots: SlotPlan[] = [];
  let data: DataPlan | null = null;
  for (const [position, section] of offered.entries()) {
    const line = LINE_ORDER[position];
    if (line !== undefined) {
      const planned = planLine(line, section, offer);
      if (!planned.ok) return planned;
      sections.push(planned.value);
    } else if (section.kind === 'application') {
      if (data) return refuse('It has data channels twice.');
      const sctp = readSctp(section.media);
      if (!sctp.ok) return sctp;
      data = { mid: section.mid, ...sctp.value };
      sections.push({ use: 'data', data });
    } else {
      const slots = section.kind === 'audio' ? audioSlots : videoSlots;
      const planned = planSlot(section, slots.length, offer, nextSsrc);
      if (!planned.ok) return planned;
      if (planned.value.use === 'slot') slots.push(planned.value.slot);
      sections.push(planned.value);
    }
  }

  const rtp = sections.filter((section) => section.use !== 'data');
  const slots = rtp.filter((section) => section.use === 'slot');
  return {
    ok: true,
    plan: {
      lines: rtp.flatMap((section) => (section.use === 'line' ? [section.line] : [])),
      audioSlots,
      videoSlots,
      extensions: idsOf(rtp.flatMap(({ terms }) => terms.extensions)),
      slotExtensions: idsOf(slots.flatMap(({ terms }) => terms.extensions)),
      mixedExtensions: slots.every(({ terms }) => terms.mixed),
      receives: videoSlots[0]?.codecs.map(({ name }) => name) ?? [],
      feedbackSsrc,
      remote: remote.value,
      data,
      sections,
    },
  };
}

function planLine(
  line: (typeof LINE_ORDER)[number],
  section: OfferedSection,
  offer: Offer,
): Reading<SectionPlan> {
  const kind = KIND_OF_LINE[line];
  if (section.kind !== kind) return refuse('Its first four m-lines are not audio, video, video, audio.');
  if (section.direction !== 'sendonly' && section.direction !== 'sendrecv') {
    return refuse('One of its first four m-lines does not send.');
  }
  const terms = rtpTerms(section, kind, 'line', offer);
  if (terms.codecs.length === 0) return refuse(`It sends no ${kind} that the room can use.`);
  const rids = negotiateRids(section.media, terms.codecs);
  if (rids.length > MAX_RIDS) return refuse(`It sends something in more than ${MAX_RIDS} encodings.`);
  const ids = idsOf(terms.extensions);
  if (rids.length > 0 && (ids.mid === 0 || ids.rid === 0)) {
    return refuse('It sends encodings without the header extensions by which they are told apart.');
  }
  return read({
    use: 'line',
    terms,
    line: {
      line,
      mid: section.mid,
      kind,
      codecs: terms.codecs,
      rids: rids.map(({ rid }) => rid),
      ssrcs: rids.length > 0 ? [] : declaredStreams(section.media),
    },
    rids,
  });
}

/** A slot, or an idle m-line where there are enough, or where the client does not receive. */
function planSlot(
  section: OfferedSection,
  index: number,
  offer: Offer,
  nextSsrc: () => number,
): Reading<SectionPlan> {
  if (section.kind === 'application') return refuse('Data is no slot.');
  if (section.direction === 'sendonly') return refuse('It sends more than four lines.');
  const { kind, mid } = section;
  const terms = rtpTerms(section, kind, 'slot', offer);
  if (terms.codecs.length === 0) return refuse(`It receives no ${kind} that the room can use.`);
  const limit = kind === 'audio' ? offer.policy.maxAudioSlots : offer.policy.maxVideoSlots;
  if (index >= limit || section.direction === 'inactive') return read({ use: 'idle', terms });
  const ssrc = nextSsrc();
  const rtxSsrc = kind === 'audio' ? 0 : nextSsrc();
  const slot = { index, mid, kind, codecs: terms.codecs, ssrc, rtxSsrc };
  return read({ use: 'slot', terms, slot });
}

function rtpTerms(
  section: OfferedSection,
  kind: 'audio' | 'video',
  use: 'line' | 'slot',
  { policy, extensions: offered, formats }: Offer,
): RtpTerms {
  const extensions = negotiateExtensions(section, use, offered, policy);
  const negotiated = negotiateCodecs(kind, formats.get(section) ?? [], policy);
  // Transport-wide feedback is about the numbers of its header extension: one is nothing without the other.
  const codecs =
    idsOf(extensions).transportSequence === 0
      ? negotiated.map((codec) => ({
          ...codec,
          feedback: codec.feedback.filter((kind) => kind !== 'transport-cc'),
        }))
      : negotiated;
  return {
    mid: section.mid,
    kind,
    codecs,
    extensions,
    reducedSize: section.media.rtcpRsize !== undefined,
    mixed: section.mixed,
  };
}
