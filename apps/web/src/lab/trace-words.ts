// What each step of a trace is called, and what it means in the page's language.

import type { TraceEvent } from '@maru/client';
import { lab as t } from '../i18n/messages/lab.js';

/** The step's own name: W3C's word for the state or event, the same in every language. */
export function stepName(event: TraceEvent): string {
  switch (event.kind) {
    case 'description':
      return `${event.type} ${event.step}`;
    case 'candidate':
      return `${event.direction} candidate`;
    case 'candidate-error':
      return `candidate error ${event.errorCode}`;
    case 'candidate-pair':
      return 'candidate pair';
    case 'signaling-state':
      return `signalingState ${event.state}`;
    case 'ice-gathering-state':
      return `iceGatheringState ${event.state}`;
    case 'ice-connection-state':
      return `iceConnectionState ${event.state}`;
    case 'dtls-state':
      return `dtls ${event.state}`;
    case 'connection-state':
      return `connectionState ${event.state}`;
    case 'data-channel':
      return `data channel ${event.state}`;
    case 'track':
      return `${event.line} ${event.step}`;
    case 'encoding':
      return `${event.line} encoding`;
    case 'sfu':
      return `sfu ${event.step}`;
    case 'link':
      return `connection ${event.step}`;
    case 'socket':
      return `socket ${event.state}`;
    case 'message':
      return `${event.direction} ${event.type}`;
    case 'room':
      return event.step;
  }
}

/** One sentence for people who see it for the first time. */
export function meaning(event: TraceEvent): string {
  switch (event.kind) {
    case 'description':
      return descriptionMeaning(event);
    case 'candidate': {
      const values = { type: event.candidateType, protocol: event.protocol };
      return event.direction === 'local' ? t('candidateLocal', values) : t('candidateRemote', values);
    }
    case 'candidate-error': {
      const values = { url: event.url, code: event.errorCode, text: event.errorText };
      return t('candidateError', values);
    }
    case 'candidate-pair': {
      const values = { local: event.local, remote: event.remote };
      return event.relayed ? t('pairRelayed', values) : t('pairDirect', values);
    }
    case 'signaling-state':
      return t('signalingState', { state: event.state });
    case 'ice-gathering-state':
      return t('gatheringState', { state: event.state });
    case 'ice-connection-state':
      return t('iceState', { state: event.state });
    case 'dtls-state':
      return t('dtlsState', { state: event.state });
    case 'connection-state':
      return t('connectionState', { state: event.state });
    case 'data-channel':
      return t('channelState', { state: event.state });
    case 'track':
      return t(TRACK_WORDS[event.step], { line: event.line });
    case 'encoding':
      return t('encoding', {
        line: event.line,
        scale: event.scaleResolutionDownBy,
        rate: event.maxFramerate,
        kilobits: Math.round(event.maxBitrate / 1_000),
      });
    case 'sfu':
      return t('sfu', { step: event.step });
    case 'link':
      return t(LADDER_WORDS.get(event.reason ?? '') ?? LINK_WORDS[event.step], {
        reason: event.reason ?? '',
      });
    case 'socket':
      return t('socket', { state: event.state });
    case 'message': {
      const values = { type: event.type, bytes: event.bytes };
      return event.direction === 'sent' ? t('messageSent', values) : t('messageReceived', values);
    }
    case 'room':
      return t('room', { step: event.step });
  }
}

type EventOf<K extends TraceEvent['kind']> = Extract<TraceEvent, { kind: K }>;

function descriptionMeaning({ step, type }: EventOf<'description'>): string {
  if (step === 'created') return type === 'offer' ? t('offerCreated') : t('answerCreated');
  return t(DESCRIPTION_WORDS[step], { type });
}

const DESCRIPTION_WORDS = {
  'set-local': 'setLocal',
  'set-remote': 'setRemote',
  ignored: 'ignored',
} as const satisfies Record<Exclude<EventOf<'description'>['step'], 'created'>, string>;

const TRACK_WORDS = {
  sending: 'trackSending',
  'sending-nothing': 'trackSendingNothing',
  receiving: 'trackReceiving',
  silent: 'trackSilent',
  'first-frame': 'trackFirstFrame',
  stalled: 'trackStalled',
  'key-frame': 'trackKeyFrame',
} as const satisfies Record<EventOf<'track'>['step'], string>;

const LINK_WORDS = {
  created: 'linkCreated',
  closed: 'linkClosed',
  ladder: 'linkLadder',
  'no-path': 'linkNoPath',
  dropped: 'linkDropped',
  error: 'linkError',
} as const satisfies Record<EventOf<'link'>['step'], string>;

/** The steps of the ladder, which links name by their reason. */
const LADDER_WORDS = new Map<string, LadderWords>([
  ['connect', 'ladderConnect'],
  ['healthy', 'ladderHealthy'],
  ['suspect', 'ladderSuspect'],
  ['signalling', 'ladderSignalling'],
  ['ask', 'ladderAsk'],
  ['restart', 'ladderRestart'],
  ['relay', 'ladderRelay'],
  ['rebuild', 'ladderRebuild'],
  ['give-up', 'ladderGiveUp'],
]);

type LadderWords =
  `ladder${'Connect' | 'Healthy' | 'Suspect' | 'Signalling' | 'Ask' | 'Restart' | 'Relay' | 'Rebuild' | 'GiveUp'}`;

/** The text behind a step that can be unfolded; null for steps that are all there is to see. */
export function detail(event: TraceEvent): { readonly label: string; readonly text: string } | null {
  if (event.kind === 'description') return { label: t('showSdp'), text: event.sdp };
  if (event.kind === 'candidate') return { label: t('showCandidate'), text: event.candidate };
  return null;
}
