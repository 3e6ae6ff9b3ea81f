// Which variants of each video codec a room uses: those that every implementation of the codec decodes.

import type { VideoCodec } from '../codec/codec.js';
import type { OfferedFormat } from './offered-format.js';

/** `profile-level-id` (RFC 6184, section 8.1): profile_idc of Baseline, and the bit that makes it Constrained Baseline. */
const BASELINE = 0x42;
const CONSTRAINED = 0x40;

function parameter(format: OfferedFormat, name: string, absent: string): string {
  return String(format.parameters[name] ?? absent);
}

/** Three bytes; what is not there means Baseline, level 1. */
function profileLevel(format: OfferedFormat): number {
  const text = parameter(format, 'profile-level-id', '420010');
  return /^[0-9A-Fa-f]{6}$/.test(text) ? Number.parseInt(text, 16) : 0;
}

/** How well a format suits, larger is better; 0 = not at all. */
export function suitability(codec: VideoCodec, format: OfferedFormat): number {
  if (format.name !== codec || format.clockRate !== 90_000) return 0;
  switch (codec) {
    case 'VP8':
      return 1;
    case 'VP9':
      return parameter(format, 'profile-id', '0') === '0' ? 1 : 0;
    case 'AV1':
      return parameter(format, 'profile', '0') === '0' ? 1 : 0;
    case 'H264': {
      // Fragmentation units need mode 1; without it a packet holds a whole NAL unit, and none is larger.
      if (parameter(format, 'packetization-mode', '0') !== '1') return 0;
      const level = profileLevel(format);
      if (level >> 16 !== BASELINE) return 0;
      return (level >> 8) & CONSTRAINED ? 2 : 1;
    }
  }
}

/** What the answer says of it: the variant, and the offered level. */
export function profileParameters(codec: VideoCodec, format: OfferedFormat): string {
  switch (codec) {
    case 'VP8':
      return '';
    case 'VP9':
      return 'profile-id=0';
    case 'AV1':
      return `level-idx=${number(format, 'level-idx', 5)};profile=0;tier=${number(format, 'tier', 0)}`;
    case 'H264': {
      const level = profileLevel(format).toString(16).padStart(6, '0');
      const asymmetry =
        parameter(format, 'level-asymmetry-allowed', '0') === '1' ? 'level-asymmetry-allowed=1;' : '';
      return `${asymmetry}packetization-mode=1;profile-level-id=${level}`;
    }
  }
}

/** A small number of the format's parameters, or what its absence means. */
function number(format: OfferedFormat, name: string, absent: number): number {
  const value = Number(parameter(format, name, String(absent)));
  return Number.isInteger(value) && value >= 0 && value < 32 ? value : absent;
}

/** The same payload type must mean the same in the whole BUNDLE (RFC 8843, section 9.1); levels may differ by direction. */
export function meaning(format: OfferedFormat): string {
  const { name, clockRate, channels } = format;
  const variant = [
    parameter(format, 'apt', ''),
    parameter(format, 'packetization-mode', ''),
    parameter(format, 'profile-level-id', '').slice(0, 2).toLowerCase(),
    parameter(format, 'profile-id', ''),
    parameter(format, 'profile', ''),
  ];
  return [name.toLowerCase(), clockRate, channels, ...variant].join('/');
}
