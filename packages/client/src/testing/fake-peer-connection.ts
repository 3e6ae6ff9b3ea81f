// A peer connection for tests: W3C webrtc-pc's signalling states, transceivers, rollback and ICE generations, in memory.

import type { Clock } from '../env/env.js';
import { FakeChannel, FakeTransceiver } from './fake-transceiver.js';

/** What a fake description says: its text is these lines in SDP's manner. */
interface FakeDescription {
  readonly type: RTCSdpType;
  readonly sdp: string;
}

const HOST_PORT = 9_000;
const RELAYED_PORT = 9_001;

/** Where fake connections find each other. Nothing moves but by promises and the clock. */
export class FakeNetwork {
  readonly connections: FakePeerConnection[] = [];
  /** A STUN server that is silent: the second candidate comes only after 3 s. */
  slowGathering = false;
  /** False where no relay is reached. */
  relays = true;
  /** False: SCTP has not come up yet on what connects. */
  channelsOpen = true;
  /** Makes the next `setLocalDescription` fail, as a browser short of resources does. */
  failNextLocal = false;
  #up = true;
  #made = 0;

  constructor(readonly clock: Clock) {}

  /** For `LinkWorld.connect`. */
  readonly connect = (configuration: RTCConfiguration): RTCPeerConnection => {
    const connection = new FakePeerConnection(this, `pc${this.#made++}`, configuration);
    this.connections.push(connection);
    // The members that links use are all there; the many others are not.
    return connection as unknown as RTCPeerConnection;
  };

  get up(): boolean {
    return this.#up;
  }

  /** SCTP comes up on all that is connected. */
  openChannels(): void {
    this.channelsOpen = true;
    for (const pc of this.connections) if (pc.connectionState === 'connected') pc.openChannel();
  }

  /** Packets stop: who was connected sees `disconnected`. */
  cut(): void {
    this.#up = false;
    for (const pc of this.connections) if (pc.connectionState === 'connected') pc.become('disconnected');
  }

  /** Packets stop, and no browser has noticed yet. */
  lose(): void {
    this.#up = false;
  }

  /** ICE gives up. Only an ICE restart helps then. */
  fail(): void {
    this.#up = false;
    for (const pc of this.connections) if (pc.connectionState !== 'closed') pc.become('failed');
  }

  /** Packets flow again. */
  heal(): void {
    this.#up = true;
    for (const pc of this.connections) {
      if (pc.connectionState === 'disconnected' && pc.remote) pc.become('connected');
    }
    this.meet();
  }

  /** Connects every two ends whose descriptions and candidates fit together. */
  meet(): void {
    if (!this.#up) return;
    for (const pc of this.connections) {
      const remote = this.connections.find((other) => other !== pc && pc.fits(other) && other.fits(pc));
      if (!remote || pc.met(remote)) continue;
      pc.join(remote);
      remote.join(pc);
    }
  }

  /** The open connections. */
  get open(): FakePeerConnection[] {
    return this.connections.filter((pc) => pc.signalingState !== 'closed');
  }
}

/** One end. Only what links use is here, and that behaves as the W3C says. */
export class FakePeerConnection extends EventTarget {
  signalingState: RTCSignalingState = 'stable';
  iceGatheringState: RTCIceGatheringState = 'new';
  iceConnectionState: RTCIceConnectionState = 'new';
  connectionState: RTCPeerConnectionState = 'new';
  currentRemoteDescription: FakeDescription | null = null;
  pendingRemoteDescription: FakeDescription | null = null;
  channel: FakeChannel | null = null;
  remote: FakePeerConnection | null = null;
  #currentLocal: FakeDescription | null = null;
  #pendingLocal: FakeDescription | null = null;
  #transceivers: FakeTransceiver[] = [];
  #generation = 0;
  #gathered: string[] = [];
  #metWith = '';
  readonly #remoteCandidates: string[] = [];

  constructor(
    readonly network: FakeNetwork,
    readonly name: string,
    private configuration: RTCConfiguration,
  ) {
    super();
  }

  get localDescription(): FakeDescription | null {
    return this.pendingLocalDescription ?? this.currentLocalDescription;
  }

  get pendingLocalDescription(): FakeDescription | null {
    return this.#withCandidates(this.#pendingLocal);
  }

  get currentLocalDescription(): FakeDescription | null {
    return this.#withCandidates(this.#currentLocal);
  }

  #withCandidates(local: FakeDescription | null): FakeDescription | null {
    if (!local) return null;
    const mine = this.#gathered.filter((candidate) => candidate.endsWith(ufragOf(local.sdp)));
    return { type: local.type, sdp: local.sdp + mine.map((candidate) => `a=${candidate}\r\n`).join('') };
  }

  getConfiguration = (): RTCConfiguration => this.configuration;
  getTransceivers = (): FakeTransceiver[] => [...this.#transceivers];
  setConfiguration(configuration: RTCConfiguration): void {
    this.configuration = configuration;
  }

  createDataChannel(label: string, init: RTCDataChannelInit): FakeChannel {
    this.channel = new FakeChannel(label, init.id ?? -1);
    return this.channel;
  }

  addTransceiver(trackOrKind: MediaStreamTrack | string, init: RTCRtpTransceiverInit): FakeTransceiver {
    const track = typeof trackOrKind === 'string' ? null : trackOrKind;
    const kind = typeof trackOrKind === 'string' ? trackOrKind : trackOrKind.kind;
    const transceiver = new FakeTransceiver(
      this,
      this.#transceivers.length,
      kind,
      track,
      init.direction ?? 'sendrecv',
      init.sendEncodings,
    );
    this.#transceivers.push(transceiver);
    return transceiver;
  }

  async createOffer({ iceRestart = false }: RTCOfferOptions = {}): Promise<FakeDescription> {
    await this.#step();
    const first = this.#currentLocal === null;
    const generation = first || iceRestart ? this.#generation + 1 : this.#generation;
    return { type: 'offer', sdp: this.#write(generation) };
  }

  async createAnswer(): Promise<FakeDescription> {
    await this.#step();
    if (this.signalingState !== 'have-remote-offer') throw invalidState('createAnswer', this);
    const before = this.currentRemoteDescription && ufragOf(this.currentRemoteDescription.sdp);
    const renewed = before !== ufragOf(this.pendingRemoteDescription?.sdp ?? '');
    return { type: 'answer', sdp: this.#write(renewed ? this.#generation + 1 : this.#generation) };
  }

  async setLocalDescription({
    type,
    sdp = '',
  }: RTCLocalSessionDescriptionInit & { sdp?: string }): Promise<void> {
    await this.#step();
    if (this.network.failNextLocal) {
      this.network.failNextLocal = false;
      throw new DOMException('the encoder is gone', 'OperationError');
    }
    if (type === 'rollback') return this.#rollback('have-local-offer');
    const needed = type === 'offer' ? 'stable' : 'have-remote-offer';
    if (this.signalingState !== needed) throw invalidState(`setLocalDescription(${type})`, this);
    const description: FakeDescription = { type: type ?? 'offer', sdp };
    this.#transceivers.forEach((transceiver, index) => {
      transceiver.mid = String(index);
    });
    if (type === 'offer') this.#pendingLocal = description;
    else this.#settle(description, this.pendingRemoteDescription);
    this.#signal(type === 'offer' ? 'have-local-offer' : 'stable');
    void this.#gather(ufragOf(sdp));
    this.network.meet();
  }

  async setRemoteDescription({ type, sdp = '' }: RTCSessionDescriptionInit): Promise<void> {
    await this.#step();
    if (type === 'rollback') return this.#rollback('have-remote-offer');
    if (!sdp.startsWith('v=0\r\n')) throw new DOMException('not SDP', 'OperationError');
    const needed = type === 'offer' ? 'stable' : 'have-local-offer';
    if (this.signalingState !== needed) throw invalidState(`setRemoteDescription(${type})`, this);
    this.#remoteCandidates.push(
      ...Array.from(sdp.matchAll(/^a=(candidate:.*)\r$/gm), (match) => match[1] ?? ''),
    );
    if (type === 'offer') {
      this.pendingRemoteDescription = { type, sdp };
      const kinds = Array.from(sdp.matchAll(/^m=(audio|video)/gm), (match) => match[1] ?? '');
      // One that addTransceiver made takes no m-line of an offer (RFC 8829, section 5.10): it is added beside.
      const taken = this.#transceivers.filter(({ mid }) => mid !== null).length;
      for (const kind of kinds.slice(taken)) this.addTransceiver(kind, { direction: 'recvonly' });
    } else {
      this.#settle(this.#pendingLocal, { type, sdp });
    }
    this.#signal(type === 'offer' ? 'have-remote-offer' : 'stable');
    this.network.meet();
  }

  async addIceCandidate({ candidate = '', usernameFragment }: RTCIceCandidateInit): Promise<void> {
    await this.#step();
    const remote = this.pendingRemoteDescription ?? this.currentRemoteDescription;
    if (!remote) throw invalidState('addIceCandidate', this);
    if (usernameFragment && usernameFragment !== ufragOf(remote.sdp)) {
      throw new DOMException('a candidate of another generation', 'OperationError');
    }
    this.#remoteCandidates.push(candidate);
    this.network.meet();
  }

  async getStats(): Promise<ReadonlyMap<string, unknown>> {
    await this.#step();
    const timestamp = this.network.clock.now();
    const inbound = this.#transceivers.map((transceiver, index) => ({
      id: `in${index}`,
      type: 'inbound-rtp',
      timestamp,
      mid: transceiver.mid,
      kind: transceiver.receiver.track.kind,
      packetsReceived: transceiver.packets(),
      bytesReceived: transceiver.packets() * 1_000,
      framesDecoded: transceiver.frames(),
    }));
    const bytes = inbound.reduce((sum, { bytesReceived }) => sum + bytesReceived, 0);
    const pair = {
      id: `pair ${this.#metWith}`,
      type: 'candidate-pair',
      timestamp,
      bytesReceived: bytes + (this.channel?.received ?? 0),
    };
    const candidates = [
      ...this.#gathered.map((candidate) => ['local-candidate', candidate] as const),
      ...this.#remoteCandidates.map((candidate) => ['remote-candidate', candidate] as const),
    ].map(([type, candidate], index) => ({
      id: `${type}${index}`,
      type,
      timestamp,
      candidateType: / typ (\S+)/.exec(candidate)?.[1],
    }));
    return new Map([...inbound, pair, ...candidates].map((entry) => [entry.id, entry]));
  }

  close(): void {
    if (this.signalingState === 'closed') return;
    this.signalingState = 'closed';
    this.connectionState = 'closed';
    this.iceConnectionState = 'closed';
    if (this.channel) this.channel.readyState = 'closed';
    const { remote } = this;
    this.remote = null;
    // The other end hears of it by DTLS and SCTP, as browsers do.
    if (remote?.remote === this && this.network.up) remote.channel?.become('closed');
  }

  /** Changes the states of ICE and connection, and says so. */
  become(state: 'connecting' | 'connected' | 'disconnected' | 'failed'): void {
    this.iceConnectionState = state === 'connecting' ? 'checking' : state;
    this.dispatchEvent(new Event('iceconnectionstatechange'));
    this.connectionState = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  /** True when `other` is the one that this end's descriptions and candidates lead to. */
  fits(other: FakePeerConnection): boolean {
    if (this.signalingState === 'closed' || !this.currentLocalDescription || !this.currentRemoteDescription)
      return false;
    const wanted = ufragOf(this.currentRemoteDescription.sdp);
    const offered = other.currentLocalDescription && ufragOf(other.currentLocalDescription.sdp);
    return wanted === offered && this.#remoteCandidates.some((candidate) => candidate.endsWith(wanted));
  }

  /** True when this very pair of generations has connected already. */
  met(other: FakePeerConnection): boolean {
    return this.remote === other && this.#metWith === this.#pairing();
  }

  join(other: FakePeerConnection): void {
    this.remote = other;
    this.#metWith = this.#pairing();
    if (this.connectionState === 'connected') return;
    this.become('connecting');
    this.become('connected');
    if (this.network.channelsOpen) this.openChannel();
  }

  openChannel(): void {
    this.channel?.join(() => (this.network.up && this.remote?.channel) || null);
  }

  #pairing(): string {
    return [this.currentLocalDescription, this.currentRemoteDescription]
      .map((one) => ufragOf(one?.sdp ?? ''))
      .join();
  }

  /** Every operation takes its turn, and one on a closed connection is refused. */
  async #step(): Promise<void> {
    if (this.signalingState === 'closed') throw invalidState('an operation', this);
    await Promise.resolve();
    // W3C webrtc-pc: a promise that is open when the connection is closed stays so.
    if ((this.signalingState as RTCSignalingState) === 'closed') await new Promise(() => undefined);
  }

  #settle(local: FakeDescription | null, remote: FakeDescription | null): void {
    if (local) this.#generation = Number(ufragOf(local.sdp).split('-')[1]);
    for (const transceiver of this.#transceivers) transceiver.currentDirection = transceiver.direction;
    this.#currentLocal = local;
    this.currentRemoteDescription = remote;
    this.#pendingLocal = null;
    this.pendingRemoteDescription = null;
  }

  #rollback(from: RTCSignalingState): void {
    if (this.signalingState !== from) throw invalidState('rollback', this);
    this.#pendingLocal = null;
    this.pendingRemoteDescription = null;
    this.#signal('stable');
  }

  #signal(state: RTCSignalingState): void {
    this.signalingState = state;
    this.dispatchEvent(new Event('signalingstatechange'));
  }

  async #gather(ufrag: string): Promise<void> {
    if (this.#gathered.some((candidate) => candidate.endsWith(ufrag))) return;
    this.iceGatheringState = 'gathering';
    // Browsers find them in tasks of their own, after every promise that setLocalDescription settles.
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    this.#find(HOST_PORT, ufrag);
    if (this.network.slowGathering) await new Promise<void>((done) => this.network.clock.after(3_000, done));
    if (this.network.relays) this.#find(RELAYED_PORT, ufrag);
    if (this.signalingState === 'closed') return;
    this.iceGatheringState = 'complete';
    this.dispatchEvent(new Event('icegatheringstatechange'));
  }

  #find(port: number, ufrag: string): void {
    if (this.signalingState === 'closed') return;
    const candidate = `candidate:1 1 udp 1 192.0.2.1 ${port} typ ${port === HOST_PORT ? 'host' : 'relay'} ufrag ${ufrag}`;
    this.#gathered.push(candidate);
    const found = { candidate, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: ufrag };
    this.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate: found }));
  }

  #write(generation: number): string {
    const lines = this.#transceivers.map(
      ({ receiver }, index) => `m=${receiver.track.kind}\r\na=mid:${index}`,
    );
    return `v=0\r\na=ice-ufrag:${this.name}-${generation}\r\n${lines.join('\r\n')}\r\nm=application\r\n`;
  }
}

function ufragOf(sdp: string): string {
  return /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? '';
}

function invalidState(operation: string, { signalingState }: FakePeerConnection): DOMException {
  return new DOMException(`${operation} in ${signalingState}`, 'InvalidStateError');
}
