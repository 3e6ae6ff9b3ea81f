// What real browsers sent to the SFU, from the .packets files beside: some packets of each kind that came.
import { readFileSync } from 'node:fs';
import { isRtcp } from '../../src/rtp/rtp-packet.js';

export interface CapturedPackets {
  readonly name: string;
  /** Ids of header extensions by name, as negotiated. */
  readonly extensions: Readonly<Record<string, number>>;
  /** By codec name: its payload type and that of its retransmissions. */
  readonly codecs: Readonly<Record<string, { payloadType: number; rtxPayloadType: number | null }>>;
  readonly rtp: readonly Buffer[];
  readonly rtcp: readonly Buffer[];
}

export const CAPTURES = [
  'chromium-156-vp8',
  'chromium-156-vp9',
  'chromium-156-h264',
  'chromium-156-av1',
  'firefox-153-vp8',
] as const;

export function capturedPackets(name: (typeof CAPTURES)[number]): CapturedPackets {
  const lines = readFileSync(new URL(`../fixtures/${name}.packets`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  const entries = (title: string): [string, string][] =>
    (lines.find((line) => line.startsWith(`# ${title} `)) ?? '')
      .split(' ')
      .slice(2)
      .map((entry) => entry.split('=') as [string, string]);
  const packets = lines
    .filter((line) => !line.startsWith('#'))
    .map((line) => Buffer.from(line.split(' ')[1] ?? '', 'hex'));
  return {
    name,
    extensions: Object.fromEntries(entries('extensions').map(([key, id]) => [key, Number(id)])),
    codecs: Object.fromEntries(
      entries('codecs').map(([key, types]) => {
        const [payloadType, rtxPayloadType] = types.split('+');
        return [
          key,
          {
            payloadType: Number(payloadType),
            rtxPayloadType: rtxPayloadType ? Number(rtxPayloadType) : null,
          },
        ];
      }),
    ),
    rtp: packets.filter((bytes) => !isRtcp(bytes)),
    rtcp: packets.filter(isRtcp),
  };
}
