// What one picture is sent as to one peer: pure functions from the size it is drawn in, and from the bits there are.

/** The lines that carry pictures. */
export const PICTURE_LINES = ['screen', 'camera'] as const;
export type PictureLine = (typeof PICTURE_LINES)[number];

/** One picture on its way to one peer. Sizes in pixels; `drawnWidth` in device pixels at the other end, never 0. */
export interface Picture {
  readonly peer: string;
  readonly line: PictureLine;
  readonly sourceWidth: number;
  readonly sourceHeight: number;
  readonly drawnWidth: number;
}

/** What an encoder is told (W3C webrtc-pc, section 5.2.6, RTCRtpEncodingParameters). Bits per second, frames per second. */
export interface Encoding {
  readonly maxBitrate: number;
  readonly maxFramerate: number;
  readonly scaleResolutionDownBy: number;
  readonly priority: RTCPriorityType;
}

/** The scales that pictures are sent in: a few, so that a tile that grows by a hair does not restart an encoder. */
export const SCALES = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 12, 16] as const;

/** A picture that leaves this narrow is a thumbnail: its movements are seen less than a large one's. */
export const THUMBNAIL_WIDTH = 320;

const FULL_FRAMERATE = 30;
/** Enough to see that somebody moves. Who speaks is sent at the full rate, for the lips. */
const THUMBNAIL_FRAMERATE = 15;

/**
 * Bits per second for 640 by 480 at 30 frames per second, and how they grow with pixels per second. Larger pictures need
 * fewer bits for each pixel; at 1280 by 720 it comes to 2.5 Mbit/s, where browsers stop by themselves.
 */
const VGA_BITRATE = 1_000_000;
const VGA_PIXEL_RATE = 640 * 480 * 30;
const BITRATE_EXPONENT = 0.85;
/** No picture gains from more. */
const MOST_BITRATE = 4_000_000;

/** What is left to every picture, however little there is: about the least that browsers encode. */
export const LEAST_BITRATE = 40_000;

/** A picture with fewer bits than this share of what its size wants is sent smaller instead. */
const TOO_FEW = 0.5;
/** A picture keeps its size down to this much of that share, so that bits that waver do not make it flap. */
const STAY = 0.8;

/** How a processor that is too slow is relieved, by level: frames per second at most, and pictures scaled down further. */
const RELIEF = [
  { framerate: FULL_FRAMERATE, scale: 1 },
  { framerate: 20, scale: 1 },
  { framerate: 15, scale: 1.5 },
  { framerate: 10, scale: 2 },
] as const;
export const MOST_RELIEF = RELIEF.length - 1;

/** What a picture would be sent as if there were bits enough. `relief` is 0 to `MOST_RELIEF`. */
export function idealEncoding(picture: Picture, speaking: boolean, relief: number): Encoding {
  const { framerate, scale: further } = RELIEF[relief] ?? RELIEF[0];
  const wanted = (picture.sourceWidth / picture.drawnWidth) * further;
  const scale = SCALES.findLast((step) => step <= wanted) ?? 1;
  const thumbnail = isThumbnail(picture, scale);
  const calm = thumbnail && !speaking ? THUMBNAIL_FRAMERATE : FULL_FRAMERATE;
  const maxFramerate = Math.min(calm, framerate);
  return {
    maxBitrate: bitrateFor(picture, scale, maxFramerate),
    maxFramerate,
    scaleResolutionDownBy: scale,
    priority: picture.line === 'screen' ? 'medium' : thumbnail ? 'very-low' : 'low',
  };
}

/** The encoding for fewer bits than the ideal one wants: smaller, so that what is sent stays clear and keeps moving. */
export function encodingWithin(
  picture: Picture,
  ideal: Encoding,
  maxBitrate: number,
  before: Encoding | undefined,
): Encoding {
  const fits = (scale: number, share: number): boolean =>
    maxBitrate >= share * bitrateFor(picture, scale, ideal.maxFramerate);
  const least = ideal.scaleResolutionDownBy;
  const former = before?.scaleResolutionDownBy ?? least;
  const scale = SCALES.find(
    (step) => step >= least && fits(step, step === former ? TOO_FEW * STAY : TOO_FEW),
  );
  return { ...ideal, maxBitrate, scaleResolutionDownBy: scale ?? SCALES[SCALES.length - 1] ?? 1 };
}

export function isThumbnail({ sourceWidth, line }: Picture, scale: number): boolean {
  return line === 'camera' && sourceWidth / scale <= THUMBNAIL_WIDTH;
}

/** Bits per second with which a picture of this size looks clean. */
function bitrateFor({ sourceWidth, sourceHeight }: Picture, scale: number, framerate: number): number {
  const pixelRate = (sourceWidth / scale) * (sourceHeight / scale) * framerate;
  const bitrate = VGA_BITRATE * (pixelRate / VGA_PIXEL_RATE) ** BITRATE_EXPONENT;
  return Math.round(Math.min(MOST_BITRATE, Math.max(LEAST_BITRATE, bitrate)));
}
