// What LocalMedia needs of a browser: devices, pickers, permissions and a loudness meter. One real one, one fake.

/** A device that a person can be asked for. */
export type DeviceKind = 'camera' | 'microphone';

/** State of a permission (W3C permissions, section 5.1), or `unknown` where the browser does not tell. */
export type Permission = PermissionState | 'unknown';

/** One entry of `enumerateDevices()` (W3C mediacapture-streams, section 9.3). `id` is empty before permission. */
export interface DeviceEntry {
  readonly kind: DeviceKind | 'speaker';
  readonly id: string;
  readonly label: string;
}

/** What a screen picker gave. */
export interface SharedScreen {
  readonly video: MediaStreamTrack;
  readonly audio: MediaStreamTrack | null;
}

/** Measures one audio track until closed. */
export interface Meter {
  /** Root mean square of the last few hundredths of a second, 0 to 1 of full scale; 0 while the meter cannot run. */
  rms(): number;
  close(): void;
}

/** The browser as media sees it. Methods reject with what the browser threw. */
export interface MediaBrowser {
  /** False on a page that is neither HTTPS nor local (W3C secure-contexts): browsers give no devices there. */
  readonly secure: boolean;
  readonly canShareScreen: boolean;
  readonly canChooseSpeaker: boolean;
  /** True where speakers are chosen in a picker of the browser's own (`selectAudioOutput`). */
  readonly canPickSpeaker: boolean;
  /** Opens one device; exactly one of the two constraints is set. */
  open(constraints: MediaStreamConstraints): Promise<MediaStreamTrack>;
  /** Shows the screen picker; needs a user gesture. */
  openScreen(): Promise<SharedScreen>;
  /** Shows the speaker picker; needs a user gesture. */
  pickSpeaker(): Promise<DeviceEntry>;
  devices(): Promise<readonly DeviceEntry[]>;
  /** Calls back whenever a device came or went, until the signal aborts. */
  onDeviceChange(listener: () => void, signal: AbortSignal): void;
  permission(kind: DeviceKind): Promise<Permission>;
  /** Calls back whenever the permission changed, until the signal aborts; never where the browser cannot tell. */
  onPermissionChange(kind: DeviceKind, listener: () => void, signal: AbortSignal): void;
  /** Measures a track; the track remains the caller's. */
  openMeter(track: MediaStreamTrack): Meter;
}
