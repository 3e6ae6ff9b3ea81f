// The statistics of a link as words and numbers that a person can compare.

import type { LinkStats } from '@maru/client';
import { t } from '../messages.js';

export interface Fact {
  readonly label: string;
  readonly value: string;
}

/** What can be said about a link, in a fixed order; what is not known yet says so. */
export function connectionFacts(stats: LinkStats | null, topology: 'mesh' | 'sfu' = 'mesh'): readonly Fact[] {
  return [
    { label: t('path'), value: topology === 'sfu' ? t('pathServer') : path(stats) },
    { label: t('delay'), value: known(stats?.rttMs, (ms) => t('milliseconds', { value: Math.round(ms) })) },
    { label: t('loss'), value: known(stats?.lossIn, (share) => t('percent', { value: percent(share) })) },
    { label: t('receiving'), value: known(stats?.bitrateIn, bitrate) },
    { label: t('sending'), value: known(stats?.bitrateOut, bitrate) },
    { label: t('picture'), value: picture(stats) },
  ];
}

function known(value: number | null | undefined, say: (value: number) => string): string {
  return value === null || value === undefined ? t('notKnown') : say(value);
}

function path(stats: LinkStats | null): string {
  if (stats === null || stats.relayed === null) return t('notKnown');
  return stats.relayed ? t('pathRelayed') : t('pathDirect');
}

/** One decimal below ten, where it matters. */
function percent(share: number): string {
  const value = share * 100;
  return value > 0 && value < 10 ? value.toFixed(1) : String(Math.round(value));
}

function bitrate(bitsPerSecond: number): string {
  return bitsPerSecond >= 1_000_000
    ? t('megabits', { value: (bitsPerSecond / 1_000_000).toFixed(1) })
    : t('kilobits', { value: Math.round(bitsPerSecond / 1_000) });
}

function picture(stats: LinkStats | null): string {
  if (!stats?.width || !stats.height) return t('noPicture');
  const size = { width: stats.width, height: stats.height };
  return stats.framesPerSecond === null
    ? t('pictureSize', size)
    : t('pictureSizeRate', { ...size, rate: Math.round(stats.framesPerSecond) });
}
