// Runs in the pages of the mesh bench: the headless client as an application uses it, and what is asked of it.

import { createLocalMedia, openRoom, type Room, type UploadOptions } from '@maru/client';

/** How wide somebody shows the measured person, in device pixels. */
export type Shown = number;

/** What has left a page and what it encodes. */
export interface Sent {
  /** Bytes of all selected candidate pairs together: sound, pictures, retransmissions, feedback, probes. */
  readonly bytes: number;
  /** Frames of all cameras together. */
  readonly frames: number;
  /** The camera's encodings, one for each peer: width, codec. */
  readonly encodings: readonly string[];
}

export interface MeshBench {
  /** Enters with camera and microphone. */
  send(url: string, room: string, upload: UploadOptions | 'plain'): Promise<void>;
  /** Lets one person enter for each width, who sends nothing and shows the sender that wide. */
  watch(url: string, room: string, shown: readonly Shown[], upload: UploadOptions | 'plain'): Promise<void>;
  sent(): Promise<Sent>;
  /** Frames decoded by each connection. */
  decoded(): Promise<readonly number[]>;
}

declare global {
  interface Window {
    mesh: MeshBench;
  }
}

const SENDER = 'Sender';
const connections: RTCPeerConnection[] = [];

function connect(configuration: RTCConfiguration): RTCPeerConnection {
  const pc = new RTCPeerConnection(configuration);
  connections.push(pc);
  return pc;
}

/** The statistics of every connection that works. */
async function reports(): Promise<readonly RTCStatsReport[]> {
  const working = connections.filter(({ connectionState }) => connectionState === 'connected');
  return Promise.all(working.map((pc) => pc.getStats()));
}

function showSender(room: Room, width: Shown): void {
  for (const { id, name } of room.snapshot.peers) {
    if (name === SENDER) room.show(id, { camera: width, screen: 0 });
  }
}

window.mesh = {
  async send(url, room, upload) {
    const media = createLocalMedia();
    await media.setCamera(true);
    await media.setMicrophone(true);
    const { error } = media.snapshot.camera;
    if (error) throw error;
    await openRoom({ url, room, media, upload, world: { connect } }).join({ name: SENDER });
  },
  async watch(url, room, shown, upload) {
    for (const width of shown) {
      const opened = openRoom({ url, room, media: createLocalMedia(), upload, world: { connect } });
      opened.subscribe(() => showSender(opened, width));
      await opened.join({ name: 'Watcher' });
    }
  },
  async sent() {
    let bytes = 0;
    let frames = 0;
    const encodings: string[] = [];
    for (const report of await reports()) {
      for (const entry of report.values()) {
        if (entry.type === 'candidate-pair' && entry.nominated) bytes += entry.bytesSent;
        if (entry.type !== 'outbound-rtp' || entry.kind !== 'video' || !entry.frameWidth) continue;
        frames += entry.framesEncoded;
        encodings.push(`${entry.frameWidth} px ${report.get(entry.codecId)?.mimeType}`);
      }
    }
    return { bytes, frames, encodings };
  },
  async decoded() {
    const counts = (await reports()).map((report) =>
      [...report.values()].reduce(
        (sum, entry) => sum + (entry.type === 'inbound-rtp' ? (entry.framesDecoded ?? 0) : 0),
        0,
      ),
    );
    return counts.filter((count) => count > 0);
  },
};
