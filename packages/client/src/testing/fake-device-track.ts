// A track of a fake device: it lives, ends, is muted and cloned as W3C mediacapture-streams, section 4.3 says.

export class FakeDeviceTrack extends EventTarget implements MediaStreamTrack {
  static #made = 0;
  readonly id = `track-${FakeDeviceTrack.#made++}`;
  contentHint = '';
  enabled = true;
  muted = false;
  readyState: MediaStreamTrackState = 'live';
  onended: MediaStreamTrack['onended'] = null;
  onmute: MediaStreamTrack['onmute'] = null;
  onunmute: MediaStreamTrack['onunmute'] = null;

  constructor(
    readonly kind: 'audio' | 'video',
    readonly label: string,
    readonly deviceId: string,
    /** Hears of every clone, which holds the device as well. */
    readonly onClone: (clone: FakeDeviceTrack) => void,
    readonly cloned = false,
  ) {
    super();
  }

  get live(): boolean {
    return this.readyState === 'live';
  }

  clone(): FakeDeviceTrack {
    const clone = new FakeDeviceTrack(this.kind, this.label, this.deviceId, this.onClone, true);
    clone.enabled = this.enabled;
    clone.muted = this.muted;
    clone.readyState = this.readyState;
    this.onClone(clone);
    return clone;
  }

  /** The page stops it: no event comes of that. */
  stop(): void {
    this.readyState = 'ended';
  }

  /** The browser ends it: unplugged, or permission taken back. */
  endByItself(): void {
    if (!this.live) return;
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }

  /** The browser holds back what the device gives, or gives it again. */
  setMuted(muted: boolean): void {
    if (this.muted === muted) return;
    this.muted = muted;
    this.dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
  }

  getSettings(): MediaTrackSettings {
    return { deviceId: this.deviceId };
  }

  getCapabilities(): MediaTrackCapabilities {
    return { deviceId: this.deviceId };
  }

  getConstraints(): MediaTrackConstraints {
    return {};
  }

  async applyConstraints(): Promise<void> {}
}
