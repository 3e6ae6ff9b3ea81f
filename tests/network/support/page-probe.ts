// Runs in every page of the lab, before its own scripts: which paths media takes, how it arrives, and when frames come.

/** The candidate pair that is in use (W3C webrtc-stats, RTCIceCandidatePairStats), one for each connection. */
export interface UsedPair {
  readonly local: RTCIceCandidateType;
  readonly remote: RTCIceCandidateType;
  /** How this end reaches its relay, where the local candidate is one. */
  readonly relayProtocol: string | null;
  /** `udp` or `tcp`, between this end's candidate and the other's. */
  readonly protocol: string;
  readonly localAddress: string;
  readonly remoteAddress: string;
}

/** What has been received over all connections since they were made. */
export interface ReceivedMedia {
  readonly framesDecoded: number;
  readonly freezeCount: number;
  readonly freezesMs: number;
  readonly frameHeight: number;
  readonly videoBytes: number;
  readonly audioSamples: number;
  readonly concealedSamples: number;
  /** Concealed while the other end sent nothing (silence), which nobody hears. */
  readonly silentConcealedSamples: number;
  readonly audioPackets: number;
  readonly audioPacketsLost: number;
}

/** A STUN or TURN server gave no candidate. */
export interface CandidateError {
  readonly url: string;
  readonly errorCode: number;
}

export interface PageProbe {
  pairs(): Promise<UsedPair[]>;
  received(): Promise<ReceivedMedia>;
  candidateErrors(): CandidateError[];
  /** When each frame of this person's camera was presented, in Unix time, newest last; bounded. */
  frameTimes(name: string): number[];
  /** When the tile of this person first said something with these words in it, in Unix time; null while it has not. */
  saidAt(name: string, words: string): number | null;
  /** The states of all connections that the page has made. */
  connections(): RTCPeerConnectionState[];
  /** What sockets, connections and the browser's own word of the network have come to, with Unix times; bounded. */
  happenings(): string[];
  /** The most tiles of other people that the page has shown at a time. */
  mostTiles(): number;
}

declare global {
  interface Window {
    probe: PageProbe;
  }
}

/** Self-contained: it is sent to the page as text. */
export function probePage(): void {
  const MOST_TIMES = 20_000;
  const connections: RTCPeerConnection[] = [];
  const candidateErrors: CandidateError[] = [];
  const times = new Map<string, number[]>();
  const watched = new WeakSet<HTMLVideoElement>();
  const said = new Map<string, number>();
  let mostTiles = 0;
  const MOST_HAPPENINGS = 2_000;
  const happenings: string[] = [];

  function note(what: string): void {
    happenings.push(`${Date.now()} ${what}`);
    if (happenings.length > MOST_HAPPENINGS) happenings.shift();
  }

  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = new Proxy(Native, {
    construct(target, args, newTarget) {
      const pc: RTCPeerConnection = Reflect.construct(target, args, newTarget);
      const number = connections.push(pc);
      note(`pc ${number} made`);
      for (const type of [
        'iceconnectionstatechange',
        'connectionstatechange',
        'signalingstatechange',
      ] as const) {
        pc.addEventListener(type, () => {
          note(`pc ${number} ${type}: ${pc.iceConnectionState}, ${pc.connectionState}, ${pc.signalingState}`);
        });
      }
      pc.addEventListener('icecandidateerror', ({ url, errorCode }) => {
        candidateErrors.push({ url, errorCode });
        note(`pc ${number} candidate error ${errorCode} of ${url}`);
      });
      return pc;
    },
  });

  window.WebSocket = new Proxy(window.WebSocket, {
    construct(target, args, newTarget) {
      const socket: WebSocket = Reflect.construct(target, args, newTarget);
      note('socket connecting');
      socket.addEventListener('open', () => note('socket open'));
      socket.addEventListener('close', ({ code }) => note(`socket closed: ${code}`));
      return socket;
    },
  });
  for (const type of ['online', 'offline'] as const) window.addEventListener(type, () => note(type));

  /** Whichever element shows a person: a tile may be drawn anew. */
  function watchVideos(): void {
    const tiles = document.querySelectorAll('[data-peer-id]');
    mostTiles = Math.max(mostTiles, tiles.length);
    for (const tile of tiles) {
      const name = tile.getAttribute('aria-label') ?? '';
      const words = `${name}\n${tile.textContent ?? ''}`;
      if (!said.has(words)) said.set(words, Date.now());
      const video = tile.querySelector('video');
      if (!video || watched.has(video)) continue;
      watched.add(video);
      const list = times.get(name) ?? [];
      times.set(name, list);
      const next = (): void => {
        video.requestVideoFrameCallback(() => {
          list.push(Date.now());
          if (list.length > MOST_TIMES) list.shift();
          next();
        });
      };
      next();
    }
  }
  document.addEventListener('DOMContentLoaded', () => {
    new MutationObserver(watchVideos).observe(document.body, {
      childList: true,
      subtree: true,
      characterData: true,
    });
    watchVideos();
  });

  const open = () => connections.filter(({ connectionState }) => connectionState !== 'closed');
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');

  window.probe = {
    candidateErrors: () => candidateErrors,
    connections: () => connections.map(({ connectionState }) => connectionState),
    happenings: () => happenings,
    mostTiles: () => mostTiles,
    frameTimes: (name) => times.get(name) ?? [],
    saidAt(name, words) {
      for (const [key, at] of said) if (key.startsWith(`${name}\n`) && key.includes(words)) return at;
      return null;
    },
    async pairs() {
      const used: UsedPair[] = [];
      for (const pc of open()) {
        const report = await pc.getStats();
        const entries = [...report.values()];
        const transport = entries.find(({ type }) => type === 'transport');
        // Firefox marks the pair itself.
        const pair =
          report.get(transport?.selectedCandidatePairId ?? '') ??
          entries.find(({ type, selected }) => type === 'candidate-pair' && selected === true);
        if (pair === undefined) continue;
        const local = report.get(pair.localCandidateId);
        const remote = report.get(pair.remoteCandidateId);
        used.push({
          local: local.candidateType,
          remote: remote.candidateType,
          relayProtocol: local.candidateType === 'relay' ? text(local.relayProtocol) : null,
          protocol: text(local.protocol),
          localAddress: text(local.address),
          remoteAddress: text(remote.address),
        });
      }
      return used;
    },
    async received() {
      const sum = {
        framesDecoded: 0,
        freezeCount: 0,
        freezesMs: 0,
        frameHeight: 0,
        videoBytes: 0,
        audioSamples: 0,
        concealedSamples: 0,
        silentConcealedSamples: 0,
        audioPackets: 0,
        audioPacketsLost: 0,
      };
      for (const pc of open()) {
        for (const entry of (await pc.getStats()).values()) {
          if (entry.type !== 'inbound-rtp') continue;
          if (entry.kind === 'video') {
            sum.framesDecoded += entry.framesDecoded ?? 0;
            sum.freezeCount += entry.freezeCount ?? 0;
            sum.freezesMs += (entry.totalFreezesDuration ?? 0) * 1_000;
            sum.frameHeight = Math.max(sum.frameHeight, entry.frameHeight ?? 0);
            sum.videoBytes += entry.bytesReceived ?? 0;
          } else {
            sum.audioSamples += entry.totalSamplesReceived ?? 0;
            sum.concealedSamples += entry.concealedSamples ?? 0;
            sum.silentConcealedSamples += entry.silentConcealedSamples ?? 0;
            sum.audioPackets += entry.packetsReceived ?? 0;
            sum.audioPacketsLost += entry.packetsLost ?? 0;
          }
        }
      }
      return sum;
    },
  };
}
