// Which header extensions (RFC 8285) an m-line of the answer takes, and under which identifiers.

import type { ExtensionIds, SdpPolicy } from './link-plan.js';
import type { OfferedSection } from './offered-section.js';
import { type Reading, read, refuse } from './reading.js';
import type { AnsweredExtension } from './section-plan.js';

/** 15 is reserved in one-byte elements, which is what the SFU writes (RFC 8285, section 4.2). */
const MAX_ID = 14;

export type ExtensionName = keyof ExtensionIds;

export const EXTENSION_URIS: Readonly<Record<ExtensionName, string>> = {
  mid: 'urn:ietf:params:rtp-hdrext:sdes:mid',
  rid: 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  repairedRid: 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  audioLevel: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  transportSequence: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  absoluteSendTime: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  videoOrientation: 'urn:3gpp:video-orientation',
  dependencyDescriptor:
    'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension',
  playoutDelay: 'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
};

export const NO_EXTENSIONS: ExtensionIds = {
  mid: 0,
  rid: 0,
  repairedRid: 0,
  audioLevel: 0,
  transportSequence: 0,
  absoluteSendTime: 0,
  videoOrientation: 0,
  dependencyDescriptor: 0,
  playoutDelay: 0,
};

const NAMES = Object.keys(EXTENSION_URIS) as readonly ExtensionName[];

/**
 * The identifier of each extension that the offer names anywhere. Refused where one identifier has two meanings in the BUNDLE
 * (RFC 8843, section 9.2). Where an extension has two identifiers, the first holds.
 */
export function readExtensionIds(sections: readonly OfferedSection[]): Reading<ExtensionIds> {
  const uris = new Map<number, string>();
  const ids = { ...NO_EXTENSIONS };
  for (const { media } of sections) {
    for (const { value, uri, 'encrypt-uri': encrypted } of media.ext ?? []) {
      const known = uris.get(value);
      if (known !== undefined && known !== uri)
        return refuse('A header extension identifier has two meanings.');
      uris.set(value, uri);
      const name = NAMES.find((name) => EXTENSION_URIS[name] === uri);
      if (!name || ids[name] !== 0 || encrypted !== undefined) continue;
      if (value >= 1 && value <= MAX_ID) ids[name] = value;
    }
  }
  return read(ids);
}

/** What a line carries: what the packets of a sender are routed, measured and passed on by. */
function wantedInLine(name: ExtensionName, offered: ExtensionIds, policy: SdpPolicy): boolean {
  switch (name) {
    case 'mid':
    case 'rid':
    case 'repairedRid':
    case 'audioLevel':
    case 'transportSequence':
    case 'dependencyDescriptor':
      return true;
    // Three bytes in each packet that nobody reads where there is a transport-wide sequence number.
    case 'absoluteSendTime':
      return offered.transportSequence === 0;
    case 'videoOrientation':
      return policy.videoOrientation === true;
    case 'playoutDelay':
      return false;
  }
}

/** What a slot carries: its own sequence number, and what is passed on from the sender. */
function wantedInSlot(name: ExtensionName, policy: SdpPolicy): boolean {
  switch (name) {
    case 'audioLevel':
    case 'transportSequence':
    case 'dependencyDescriptor':
      return true;
    case 'videoOrientation':
      return policy.videoOrientation === true;
    case 'mid':
    case 'rid':
    case 'repairedRid':
    case 'absoluteSendTime':
    case 'playoutDelay':
      return false;
  }
}

/** The extensions of one m-line of the answer. `use`: whether the client sends in it, or the SFU does. */
export function negotiateExtensions(
  section: OfferedSection,
  use: 'line' | 'slot',
  offered: ExtensionIds,
  policy: SdpPolicy,
): readonly AnsweredExtension[] {
  // Directions are the offerer's (RFC 8285, section 5).
  const unusable = use === 'line' ? 'recvonly' : 'sendonly';
  const answered: AnsweredExtension[] = [];
  for (const name of NAMES) {
    if (offered[name] === 0) continue;
    if (!(use === 'line' ? wantedInLine(name, offered, policy) : wantedInSlot(name, policy))) continue;
    const uri = EXTENSION_URIS[name];
    const found = (section.media.ext ?? []).find((ext) => ext.uri === uri && ext.value === offered[name]);
    if (!found || found.direction === unusable || found.direction === 'inactive') continue;
    answered.push({ id: found.value, uri, direction: turnedRound(found.direction) });
  }
  return answered;
}

function turnedRound(direction: string | undefined): AnsweredExtension['direction'] {
  if (direction === 'sendonly') return 'recvonly';
  return direction === 'recvonly' ? 'sendonly' : null;
}

/** The identifiers of all that some m-lines answer. */
export function idsOf(answered: Iterable<AnsweredExtension>): ExtensionIds {
  const ids = { ...NO_EXTENSIONS };
  for (const { id, uri } of answered) {
    const name = NAMES.find((name) => EXTENSION_URIS[name] === uri);
    if (name) ids[name] = id;
  }
  return ids;
}
