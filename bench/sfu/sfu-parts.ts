// The parts of the SFU that the bench's clients speak with: from its built files, as the package exports none of them.

type Part<T> = Promise<T>;

/** Compiled, this file lies in `bench/dist/sfu`. */
const BUILT = new URL('../../../packages/sfu/dist/', import.meta.url);

const part = <T>(path: string): Part<T> => import(new URL(path, BUILT).href) as Part<T>;

export const { Pipe } = await part<typeof import('../../packages/sfu/src/pipe/pipe.js')>('pipe/pipe.js');
export const { ArrivalFeedback } = await part<
  typeof import('../../packages/sfu/src/receive/arrival-feedback.js')
>('receive/arrival-feedback.js');
export const { readRtcp } =
  await part<typeof import('../../packages/sfu/src/rtcp/read-rtcp.js')>('rtcp/read-rtcp.js');
export const { writeRtcp } =
  await part<typeof import('../../packages/sfu/src/rtcp/write-rtcp.js')>('rtcp/write-rtcp.js');
export const { isRtcp } =
  await part<typeof import('../../packages/sfu/src/rtp/rtp-packet.js')>('rtp/rtp-packet.js');
export const { ntpFractionAt, ntpSecondsAt, middleOfNtp } =
  await part<typeof import('../../packages/sfu/src/rtcp/ntp-time.js')>('rtcp/ntp-time.js');

export type ArrivalFeedback = InstanceType<typeof ArrivalFeedback>;
export type { RtcpPacket } from '../../packages/sfu/src/rtcp/rtcp-packet.js';
