// A browser for tests of local media: devices to plug and unplug, questions to answer, tracks that are counted.

import type {
  DeviceEntry,
  DeviceKind,
  MediaBrowser,
  Meter,
  Permission,
  SharedScreen,
} from '../media/media-browser.js';
import { FakeDeviceTrack } from './fake-device-track.js';

/** A request that waits for its answer. */
export interface FakeRequest {
  readonly kind: DeviceKind | 'screen';
  readonly deviceId: string | null;
  /** Answers as the world is now: the track, or the exception that browsers throw. */
  answer(): void;
}

const exception = (name: string, message = ''): DOMException => new DOMException(message, name);

export class FakeMediaBrowser implements MediaBrowser {
  secure = true;
  canShareScreen = true;
  canChooseSpeaker = true;
  canPickSpeaker = false;
  /** When false, requests wait in `requests` until a test answers them. */
  immediate = true;
  /** As on a phone: a second device of a kind cannot be opened beside the first. */
  oneAtATime = false;
  /** What a person says to a question; false is remembered as `denied`. */
  allows = true;
  /** False where `permissions.query` knows neither camera nor microphone. */
  tellsPermission = true;
  readonly permissions: Record<DeviceKind, PermissionState> = { camera: 'prompt', microphone: 'prompt' };
  /** Devices that another application uses. */
  readonly busy = new Set<string>();
  /** What the screen picker gives: with sound or without, or the exception that it throws. */
  screen: 'video' | 'video-and-audio' | DOMException = 'video';
  /** What the meter reads, 0 to 1. */
  loudness = 0;
  openMeters = 0;
  readonly requests: FakeRequest[] = [];
  readonly opened: MediaStreamConstraints[] = [];
  readonly tracks: FakeDeviceTrack[] = [];
  readonly #plugged: DeviceEntry[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #permissionListeners = new Set<(kind: DeviceKind) => void>();

  constructor(...devices: readonly (readonly [DeviceEntry['kind'], string])[]) {
    for (const [kind, id] of devices) this.#plugged.push({ kind, id, label: `the ${id}` });
  }

  /** Captures that hold a device or a screen now, clones among them. */
  get live(): readonly FakeDeviceTrack[] {
    return this.tracks.filter((track) => track.live);
  }

  /** Live captures of one kind, clones not counted. */
  liveOf(kind: DeviceKind): readonly FakeDeviceTrack[] {
    const media = kind === 'camera' ? 'video' : 'audio';
    return this.live.filter((track) => track.kind === media && track.deviceId !== '' && !track.cloned);
  }

  get listeners(): number {
    return this.#listeners.size + this.#permissionListeners.size;
  }

  plug(kind: DeviceEntry['kind'], id: string): void {
    this.#plugged.push({ kind, id, label: `the ${id}` });
    for (const listener of [...this.#listeners]) listener();
  }

  unplug(id: string): void {
    const at = this.#plugged.findIndex((entry) => entry.id === id);
    if (at >= 0) this.#plugged.splice(at, 1);
    for (const track of this.live) if (track.deviceId === id) track.endByItself();
    for (const listener of [...this.#listeners]) listener();
  }

  plugged(kind: DeviceEntry['kind']): readonly string[] {
    return this.#plugged.filter((entry) => entry.kind === kind).map((entry) => entry.id);
  }

  /** The person changes the permission in the browser's own settings. */
  setPermission(kind: DeviceKind, permission: PermissionState): void {
    this.permissions[kind] = permission;
    if (permission !== 'granted') for (const track of this.liveOf(kind)) track.endByItself();
    for (const listener of [...this.#permissionListeners]) listener(kind);
  }

  open(constraints: MediaStreamConstraints): Promise<MediaStreamTrack> {
    this.opened.push(constraints);
    const kind = constraints.video ? 'camera' : 'microphone';
    const wish = constraints.video ?? constraints.audio;
    const exact = typeof wish === 'object' ? wish.deviceId : undefined;
    const deviceId = typeof exact === 'object' && 'exact' in exact ? String(exact.exact) : null;
    return this.#request(kind, deviceId, () => this.#capture(kind, deviceId));
  }

  openScreen(): Promise<SharedScreen> {
    return this.#request('screen', null, () => {
      if (this.screen instanceof DOMException) throw this.screen;
      const video = this.#track('video', 'a window', '');
      return { video, audio: this.screen === 'video' ? null : this.#track('audio', 'its sound', '') };
    });
  }

  async pickSpeaker(): Promise<DeviceEntry> {
    const speaker = this.#plugged.find((entry) => entry.kind === 'speaker');
    if (!this.allows) throw exception('NotAllowedError');
    if (!speaker) throw exception('NotFoundError');
    return speaker;
  }

  async devices(): Promise<readonly DeviceEntry[]> {
    return this.#plugged.map((entry) =>
      entry.kind === 'speaker' || this.permissions[entry.kind] === 'granted'
        ? entry
        : { ...entry, id: '', label: '' },
    );
  }

  onDeviceChange(listener: () => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener));
  }

  async permission(kind: DeviceKind): Promise<Permission> {
    return this.tellsPermission ? this.permissions[kind] : 'unknown';
  }

  onPermissionChange(kind: DeviceKind, listener: () => void, signal: AbortSignal): void {
    if (!this.tellsPermission) return;
    const hear = (changed: DeviceKind): void => {
      if (changed === kind) listener();
    };
    this.#permissionListeners.add(hear);
    signal.addEventListener('abort', () => this.#permissionListeners.delete(hear));
  }

  openMeter(track: MediaStreamTrack): Meter {
    this.openMeters++;
    let open = true;
    return {
      rms: () => (open && track.readyState === 'live' && track.enabled ? this.loudness : 0),
      close: () => {
        if (open) this.openMeters--;
        open = false;
      },
    };
  }

  #request<T>(kind: FakeRequest['kind'], deviceId: string | null, give: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const request: FakeRequest = {
        kind,
        deviceId,
        answer: () => {
          const at = this.requests.indexOf(request);
          if (at < 0) return;
          this.requests.splice(at, 1);
          try {
            resolve(give());
          } catch (thrown) {
            reject(thrown);
          }
        },
      };
      this.requests.push(request);
      if (this.immediate) request.answer();
    });
  }

  #capture(kind: DeviceKind, deviceId: string | null): FakeDeviceTrack {
    if (!this.secure) throw new TypeError('mediaDevices is undefined');
    if (this.plugged(kind).length === 0) throw exception('NotFoundError');
    if (this.permissions[kind] === 'prompt') {
      this.permissions[kind] = this.allows ? 'granted' : 'denied';
      for (const listener of [...this.#permissionListeners]) listener(kind);
    }
    if (this.permissions[kind] === 'denied') throw exception('NotAllowedError', 'Permission denied');
    const id = deviceId ?? this.plugged(kind)[0] ?? '';
    if (!this.plugged(kind).includes(id)) throw exception('OverconstrainedError');
    const taken = this.oneAtATime && this.liveOf(kind).some((track) => track.deviceId !== id);
    if (taken || this.busy.has(id)) throw exception('NotReadableError', 'Could not start the source');
    return this.#track(kind === 'camera' ? 'video' : 'audio', `the ${id}`, id);
  }

  #track(kind: 'audio' | 'video', label: string, deviceId: string): FakeDeviceTrack {
    const track = new FakeDeviceTrack(kind, label, deviceId, (clone) => this.tracks.push(clone));
    this.tracks.push(track);
    return track;
  }
}
