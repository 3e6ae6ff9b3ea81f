// The SFU as a worker of the server serves it, control channels and all, inside the test's own process.

import { networkInterfaces } from 'node:os';
import type { VideoCodec } from '@maru/protocol';
import { Sfu } from '@maru/sfu';
import { ServedSfu } from '../../../packages/server/src/sfu/served-sfu.js';
import { tryUdpPort } from '../../../packages/server/src/sfu/udp-port.js';
import type {
  FromWorker,
  OpenResult,
  WorkerFigures,
} from '../../../packages/server/src/sfu/worker-message.js';

const ROOM = 'room';

export interface TestSfu {
  /** Opens a link for an offer and gives it to a peer, who is inside from then on; the answer. */
  join(peer: string, offer: string): Promise<string>;
  /** Ends the link of a peer. */
  leave(peer: string): void;
  figures(): WorkerFigures;
  close(): void;
}

/** Starts one on a port of its own, announced at the addresses of this machine. `videoCodecs`: preferred first. */
export async function startSfu(videoCodecs: readonly VideoCodec[] = ['VP8']): Promise<TestSfu> {
  const opening = new Map<number, (result: OpenResult) => void>();
  let figures: WorkerFigures | null = null;
  let requests = 0;
  const tell = (message: FromWorker): void => {
    if (message.type === 'opened') {
      opening.get(message.request)?.(message.result);
      opening.delete(message.request);
    } else if (message.type === 'pong') figures = message.figures;
  };
  const served = new ServedSfu({
    options: {
      port: await tryUdpPort(0, null),
      sharedPort: null,
      bindAddress: null,
      announce: ownAddresses(),
      videoCodecs,
      limits: { rooms: 10, links: 100, linkBitrate: 20_000_000 },
    },
    makeSfu: (options) => new Sfu(options),
    // Offers and answers are packed for the way between processes, of which there is none.
    unpack: async (sdp) => sdp,
    pack: async (sdp) => sdp,
    measure: () => ({ cpuSeconds: 0, memoryBytes: 0, eventLoopDelayS: 0 }),
    tell,
  });
  return {
    async join(peer, offer) {
      const request = ++requests;
      const opened = new Promise<OpenResult>((resolve) => opening.set(request, resolve));
      served.perform({ type: 'open', request, link: peer, room: ROOM, offer });
      const result = await opened;
      if (!result.ok) throw new Error(`The SFU refused ${peer}: ${result.reason}`);
      served.perform({ type: 'seat', link: peer, peer });
      return result.answer;
    },
    leave: (peer) => served.perform({ type: 'close', link: peer }),
    figures() {
      served.perform({ type: 'ping' });
      if (!figures) throw new Error('The SFU told no figures.');
      return figures;
    },
    close: () => served.shutdown(),
  };
}

/** IPv4, where browsers and libraries alike look. */
function ownAddresses(): readonly string[] {
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
  return own.length > 0 ? own : ['127.0.0.1'];
}
