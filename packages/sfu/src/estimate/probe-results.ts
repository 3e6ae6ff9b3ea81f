// What probe clusters have shown: the rate at which a short train of packets came out at the far end.

/** Share of a cluster's bytes that must have arrived, and the least number of packets: Chromium's. */
const ARRIVED = 0.8;
const LEAST_PACKETS = 4;
/** A train that comes out slower than this share of its rate has found the limit. */
const UNHINDERED = 0.9;
/** Then we stay a little below it, so that the queue which the probe made can empty. */
const BELOW_LIMIT = 0.95;
/** Coming out this much faster than it went in, it was held up and let go in one: no measure. */
const COMPRESSED = 1.3;
/** Too short to be a rate at all, in ms. */
const SHORTEST_MS = 1;
/** Longer than this is no probe any more, in ms. */
const LONGEST_MS = 1_000;

interface Cluster {
  id: number;
  /** In bit/s. */
  target: number;
  open: boolean;
  sentBytes: number;
  firstSent: number;
  lastSent: number;
  lastSentBytes: number;
  receivedBytes: number;
  packets: number;
  firstArrival: number;
  lastArrival: number;
  firstBytes: number;
}

/** One cluster's outcome: `bitrate` was possible when `target` was tried, both in bit/s. */
export interface ProbeResult {
  target: number;
  bitrate: number;
}

export class ProbeResults {
  /** Few: a cluster is forgotten when another two have begun. */
  readonly #clusters: Cluster[] = [];

  /** Packets that are sent from now on with this cluster's number (1 to 255) belong to a probe of `target` bit/s. */
  begin(id: number, target: number): void {
    if (this.#clusters.length > 2) this.#clusters.shift();
    this.#clusters.push({
      id,
      target,
      open: true,
      sentBytes: 0,
      firstSent: Number.POSITIVE_INFINITY,
      lastSent: Number.NEGATIVE_INFINITY,
      lastSentBytes: 0,
      receivedBytes: 0,
      packets: 0,
      firstArrival: Number.POSITIVE_INFINITY,
      lastArrival: Number.NEGATIVE_INFINITY,
      firstBytes: 0,
    });
  }

  /** All of it has been sent. */
  end(id: number): void {
    const cluster = this.#find(id);
    if (cluster !== null) cluster.open = false;
  }

  sent(id: number, bytes: number, now: number): void {
    const cluster = this.#find(id);
    if (cluster === null) return;
    cluster.sentBytes += bytes;
    if (now < cluster.firstSent) cluster.firstSent = now;
    cluster.lastSent = now;
    cluster.lastSentBytes = bytes;
  }

  received(id: number, bytes: number, arrivedAt: number): void {
    const cluster = this.#find(id);
    if (cluster === null) return;
    cluster.receivedBytes += bytes;
    cluster.packets++;
    if (arrivedAt < cluster.firstArrival) {
      cluster.firstArrival = arrivedAt;
      cluster.firstBytes = bytes;
    }
    if (arrivedAt > cluster.lastArrival) cluster.lastArrival = arrivedAt;
  }

  /** After each feedback: a cluster that is complete, once; null when there is none. */
  take(): ProbeResult | null {
    for (let i = 0; i < this.#clusters.length; i++) {
      const cluster = this.#clusters[i] as Cluster;
      if (cluster.open || cluster.packets < LEAST_PACKETS) continue;
      if (cluster.receivedBytes < cluster.sentBytes * ARRIVED) continue;
      this.#clusters.splice(i, 1);
      return outcome(cluster);
    }
    return null;
  }

  reset(): void {
    this.#clusters.length = 0;
  }

  #find(id: number): Cluster | null {
    for (const cluster of this.#clusters) if (cluster.id === id) return cluster;
    return null;
  }
}

function outcome(cluster: Cluster): ProbeResult | null {
  const sending = cluster.lastSent - cluster.firstSent;
  const receiving = cluster.lastArrival - cluster.firstArrival;
  if (sending > LONGEST_MS || receiving > LONGEST_MS) return null;
  // The last packet's own time is not in between, nor is the first one's at the far end.
  const sendRate =
    sending < SHORTEST_MS ? Infinity : ((cluster.sentBytes - cluster.lastSentBytes) * 8_000) / sending;
  const receiveRate =
    ((cluster.receivedBytes - cluster.firstBytes) * 8_000) / Math.max(receiving, SHORTEST_MS);
  if (receiveRate > sendRate * COMPRESSED) return null;
  // Sent in one go it is as fast as the path: only what was asked for counts.
  const tried = Math.min(sendRate, cluster.target);
  const bitrate = receiveRate < tried * UNHINDERED ? receiveRate * BELOW_LIMIT : Math.min(receiveRate, tried);
  return { target: cluster.target, bitrate };
}
