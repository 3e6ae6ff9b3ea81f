// One run of all checks of the page; views draw from its signals.

import type { IceServer } from '@maru/protocol';
import { type ReadonlySignal, signal } from '@preact/signals';
import { doctor as t } from '../i18n/messages/doctor.js';
import { type IceAddress, parseIceAddress } from './ice-address.js';
import { good, note, type PageFinding, wrong } from './page-finding.js';
import { checkStun } from './stun-check.js';
import { checkTurn } from './turn-check.js';
import { type Visit, visitServer } from './websocket-visit.js';

export interface Examination {
  readonly stage: ReadonlySignal<'idle' | 'running' | 'done'>;
  readonly findings: ReadonlySignal<readonly PageFinding[]>;
  /** Begins anew, unless a run is under way. */
  start(): Promise<void>;
  close(): void;
}

export function createExamination(): Examination {
  const stage = signal<'idle' | 'running' | 'done'>('idle');
  const findings = signal<readonly PageFinding[]>([]);
  const scope = new AbortController();
  const found = (now: readonly PageFinding[]): void => {
    if (!scope.signal.aborted) findings.value = now;
  };
  return {
    stage,
    findings,
    async start() {
      if (stage.peek() === 'running') return;
      stage.value = 'running';
      const browser = [checkSecurity(), checkWebRtc()];
      found(browser);
      const visit = await visitServer(location, scope.signal);
      const before = [...browser, describeVisit(visit)];
      found(before);
      if (visit.kind === 'answered' && 'RTCPeerConnection' in globalThis) {
        await examine(visit.iceServers, (more) => found([...before, ...more]), scope.signal);
      }
      stage.value = 'done';
    },
    close: () => scope.abort(),
  };
}

const checkSecurity = (): PageFinding =>
  isSecureContext
    ? good(() => t('secureGood'))
    : wrong(
        () => t('secureWrong'),
        () => t('secureChange'),
      );

const checkWebRtc = (): PageFinding =>
  'RTCPeerConnection' in globalThis
    ? good(() => t('webrtcGood'))
    : wrong(
        () => t('webrtcWrong'),
        () => t('webrtcChange'),
      );

function describeVisit(visit: Visit): PageFinding {
  switch (visit.kind) {
    case 'answered':
      return good(() => t('serverGood', { ms: visit.ms, server: visit.server }));
    case 'not-opened':
      return wrong(
        () => t('serverWrong'),
        () => t('serverChange'),
      );
    case 'silent':
      return wrong(
        () => t('serverSilent'),
        () => t('serverSilentChange'),
      );
    case 'refused':
      return wrong(
        () => t('serverRefused', { code: visit.code }),
        () => t('serverRefusedChange'),
      );
  }
}

interface Tried {
  /** Null for an address that browsers do not take. */
  readonly address: IceAddress | null;
  readonly finding: PageFinding;
}

/**
 * Tries every server at the same time: those that are silent take their time, and need not take it in turns. They are
 * told in the order in which they are configured, each as soon as it is known.
 */
async function examine(
  servers: readonly IceServer[],
  found: (findings: readonly PageFinding[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const urls = servers.flatMap((server) => server.urls.map((url) => ({ server, url })));
  if (urls.length === 0) {
    found([
      note(
        () => t('noServers'),
        () => t('noServersChange'),
      ),
    ]);
    return;
  }
  const tried: (Tried | null)[] = urls.map(() => null);
  const known = (): Tried[] => tried.filter((each) => each !== null);
  await Promise.all(
    urls.map(async ({ server, url }, index) => {
      const address = parseIceAddress(url);
      tried[index] = { address, finding: address ? await tryOne(server, address, signal) : badUrl(url) };
      found(known().map(({ finding }) => finding));
    }),
  );
  found([...known().map(({ finding }) => finding), ...conclusions(known())]);
}

const badUrl = (url: string): PageFinding =>
  wrong(
    () => t('badUrl', { url }),
    () => t('badUrlChange'),
  );

async function tryOne(server: IceServer, address: IceAddress, signal: AbortSignal): Promise<PageFinding> {
  try {
    return await (address.kind === 'stun' ? checkStun : checkTurn)(server, address, signal);
  } catch (error) {
    // What browsers throw here is a DOMException; anything else is a bug of ours.
    if (!(error instanceof DOMException)) throw error;
    const { name } = error;
    return wrong(
      () => t('thrown', { url: address.text, name }),
      () => t('thrownChange'),
    );
  }
}

/** What only all of them together say about this network. */
export function conclusions(tried: readonly Tried[]): PageFinding[] {
  const works = ({ finding }: Tried): boolean => finding.verdict === 'good';
  const overUdp = tried.filter(({ address }) => address?.transport === 'udp');
  const relays = tried.filter(({ address }) => address?.kind === 'turn');
  const others = relays.filter(({ address }) => address?.transport !== 'udp');
  if (relays.length > 0 && !relays.some(works)) {
    return [
      wrong(
        () => t('noRelay'),
        () => t('noRelayChange'),
      ),
    ];
  }
  if (overUdp.length > 0 && !overUdp.some(works) && others.some(works)) {
    return [
      note(
        () => t('udpBlocked'),
        () => t('udpBlockedChange'),
      ),
    ];
  }
  return [];
}
