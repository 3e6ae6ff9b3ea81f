// What a sender's statistics say of its path and its encoder (W3C webrtc-stats).

export interface SenderSample {
  /** Bits per second that the path takes, by the browser's congestion control; null where it does not say. */
  readonly available: number | null;
  /** The processor is what holds the encoder back. */
  readonly cpuLimited: boolean;
}

export const NOTHING_KNOWN: SenderSample = { available: null, cpuLimited: false };

/** Reads a report of `RTCRtpSender.getStats`. */
export function readSenderStats(report: RTCStatsReport): SenderSample {
  let available: number | null = null;
  let cpuLimited = false;
  for (const entry of report.values()) {
    if (entry.type === 'outbound-rtp') cpuLimited ||= entry.qualityLimitationReason === 'cpu';
    const isSelected = entry.type === 'candidate-pair' && entry.nominated === true;
    if (isSelected && typeof entry.availableOutgoingBitrate === 'number') {
      available = Math.max(available ?? 0, entry.availableOutgoingBitrate);
    }
  }
  return { available, cpuLimited };
}
