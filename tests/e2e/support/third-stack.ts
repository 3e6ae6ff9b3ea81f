// A WebRTC stack that is neither a browser nor libdatachannel (werift), linked to the SFU. It encodes nothing itself: what
// it is shown and told, it sends back as its own.

import type { Seating, SfuNotice, SlotWant } from '@maru/protocol';
import {
  dePacketizeRtpPackets,
  MediaStreamTrack,
  type RTCDataChannel,
  RTCPeerConnection,
  RTCRtpCodecParameters,
  RTCRtpHeaderExtensionParameters,
  type RTCRtpTransceiver,
  type RtpPacket,
  useNACK,
  usePLI,
  useTWCC,
} from 'werift';

/** One number space for the whole BUNDLE (RFC 8843, section 9.2). */
const MID = extension(1, 'urn:ietf:params:rtp-hdrext:sdes:mid');
const LEVEL = extension(2, 'urn:ietf:params:rtp-hdrext:ssrc-audio-level');
const SEQUENCE = extension(3, 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01');

const OPUS = new RTCRtpCodecParameters({
  mimeType: 'audio/opus',
  clockRate: 48_000,
  channels: 2,
  payloadType: 111,
});
const VP8 = new RTCRtpCodecParameters({
  mimeType: 'video/VP8',
  clockRate: 90_000,
  payloadType: 96,
  rtcpFeedback: [useNACK(), usePLI(), useTWCC()],
});
const RTX = new RTCRtpCodecParameters({
  mimeType: 'video/rtx',
  clockRate: 90_000,
  payloadType: 97,
  parameters: 'apt=96',
});

/** The sending lines in the order of the protocol, then two audio and two video slots. */
const LINES = ['audio', 'video', 'video', 'audio'] as const;
const SLOTS = ['audio', 'audio', 'video', 'video'] as const;
const MIC = 0;
const CAMERA = 1;
const VIDEO_SLOT = LINES.length + 2;

export class ThirdStack {
  /** The last word of the SFU about who is where. */
  seats: readonly Seating[] = [];
  /** Width of the last key frame that was put together from the first video slot, in pixels; 0 before. */
  keyFrameWidth = 0;
  /** Packets of sound that came in the slots. */
  soundPackets = 0;
  readonly #pc: RTCPeerConnection;
  readonly #control: RTCDataChannel;
  readonly #camera = new MediaStreamTrack({ kind: 'video' });
  readonly #mic = new MediaStreamTrack({ kind: 'audio' });
  /** The packets of the frame that is coming in. */
  #frame: RtpPacket[] = [];
  #wants = 0;

  constructor() {
    this.#pc = new RTCPeerConnection({
      bundlePolicy: 'max-bundle',
      iceServers: [],
      codecs: { audio: [OPUS], video: [VP8, RTX] },
      headerExtensions: { audio: [MID, LEVEL, SEQUENCE], video: [MID, SEQUENCE] },
    });
    for (const kind of LINES) this.#pc.addTransceiver(kind, { direction: 'sendonly' });
    for (const kind of SLOTS) this.#listen(this.#pc.addTransceiver(kind, { direction: 'recvonly' }));
    this.#control = this.#pc.createDataChannel('control', { negotiated: true, id: 0 });
    this.#control.onMessage.subscribe((data) => this.#hear(JSON.parse(String(data))));
  }

  get connection(): string {
    return this.#pc.connectionState;
  }

  async offer(): Promise<string> {
    const transceivers = this.#pc.getTransceivers();
    await transceivers[CAMERA]?.sender.replaceTrack(this.#camera);
    await transceivers[MIC]?.sender.replaceTrack(this.#mic);
    transceivers[CAMERA]?.sender.onPictureLossIndication.subscribe(() => this.#askKeyFrame());
    const offer = await this.#pc.createOffer();
    await this.#pc.setLocalDescription(offer);
    return this.#pc.localDescription?.sdp ?? '';
  }

  async answer(sdp: string): Promise<void> {
    await this.#pc.setRemoteDescription({ type: 'answer', sdp });
  }

  want(slots: readonly SlotWant[]): void {
    this.#wants += 1;
    this.#control.send(JSON.stringify({ type: 'want', rev: this.#wants, slots }));
  }

  close(): Promise<void> {
    return this.#pc.close();
  }

  #hear(notice: SfuNotice): void {
    if (notice.type === 'seats') this.seats = notice.seats;
  }

  #listen({ onTrack }: RTCRtpTransceiver): void {
    onTrack.subscribe((track) => {
      track.onReceiveRtp.subscribe((packet) => {
        if (track.kind === 'video') this.#see(packet);
        else this.#listenTo(packet);
      });
    });
  }

  #listenTo(packet: RtpPacket): void {
    this.soundPackets += 1;
    this.#mic.writeRtp(packet.clone());
  }

  #see(packet: RtpPacket): void {
    // Padding alone looks for room, and is no part of a frame.
    if (packet.payload.length === 0) return;
    this.#camera.writeRtp(packet.clone());
    this.#frame.push(packet);
    if (!packet.header.marker) return;
    const { isKeyframe, data } = dePacketizeRtpPackets('VP8', this.#frame);
    this.#frame = [];
    // The start code and the size of a key frame (RFC 6386, section 9.1).
    if (isKeyframe && data.readUIntBE(3, 3) === 0x9d012a) this.keyFrameWidth = data.readUInt16LE(6) & 0x3fff;
  }

  /** Of whoever is shown, as the picture is theirs. */
  #askKeyFrame(): void {
    const receiver = this.#pc.getTransceivers()[VIDEO_SLOT]?.receiver;
    const ssrc = Object.keys(receiver?.trackBySSRC ?? {})[0];
    if (receiver && ssrc !== undefined) void receiver.sendRtcpPLI(Number(ssrc));
  }
}

function extension(id: number, uri: string): RTCRtpHeaderExtensionParameters {
  return new RTCRtpHeaderExtensionParameters({ uri, id });
}
