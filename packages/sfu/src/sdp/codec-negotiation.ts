// Of the formats that an m-line offers, those that the room uses, each once and preferred first.

import type { VideoCodec } from '../codec/codec.js';
import { profileParameters, suitability } from './codec-profile.js';
import type { PayloadCodec, SdpPolicy } from './link-plan.js';
import type { OfferedFormat } from './offered-format.js';

/** Of what the SFU answers and understands (RFC 4585, RFC 5104, transport-wide congestion control, REMB). */
const AUDIO_FEEDBACK = ['transport-cc'];
const VIDEO_FEEDBACK = ['nack', 'nack pli', 'ccm fir', 'transport-cc', 'goog-remb'];

/** Packets from 10 ms on; each carries a poorer copy of the one before for when that is lost (RFC 7587, section 6.1). */
const OPUS_PARAMETERS = 'minptime=10;useinbandfec=1';

export function negotiateCodecs(
  kind: 'audio' | 'video',
  formats: readonly OfferedFormat[],
  policy: SdpPolicy,
): readonly PayloadCodec[] {
  return kind === 'audio' ? negotiateAudio(formats, policy) : negotiateVideo(formats, policy);
}

function negotiateAudio(formats: readonly OfferedFormat[], policy: SdpPolicy): readonly PayloadCodec[] {
  const opus = formats.find(
    ({ name, clockRate, channels }) => name === 'opus' && clockRate === 48_000 && channels === 2,
  );
  if (!opus) return [];
  const codecs: PayloadCodec[] = [];
  const redundant = policy.audioRedundancy
    ? formats.find((format) => isRedundancyOf(format, opus))
    : undefined;
  // A browser sends it only where it comes first.
  if (redundant) codecs.push(audioCodec(redundant, `${opus.payloadType}/${opus.payloadType}`));
  codecs.push(audioCodec(opus, OPUS_PARAMETERS));
  return codecs;
}

/** RFC 2198, section 5: the parameters name the payload types inside, `111/111`. */
function isRedundancyOf(format: OfferedFormat, opus: OfferedFormat): boolean {
  if (format.name !== 'red' || format.clockRate !== opus.clockRate) return false;
  const inside = Object.keys(format.parameters)[0]?.split('/') ?? [];
  return inside.length > 1 && inside.every((payloadType) => payloadType === String(opus.payloadType));
}

function audioCodec(format: OfferedFormat, parameters: string): PayloadCodec {
  const { name, payloadType, clockRate, channels } = format;
  const feedback = accepted(AUDIO_FEEDBACK, format);
  return { name, payloadType, rtxPayloadType: null, clockRate, channels, parameters, feedback };
}

function negotiateVideo(formats: readonly OfferedFormat[], policy: SdpPolicy): readonly PayloadCodec[] {
  const wanted = new Set<VideoCodec>([...policy.videoCodecs, 'VP8']);
  const codecs: PayloadCodec[] = [];
  for (const codec of wanted) {
    const format = best(codec, formats);
    if (format) codecs.push(videoCodec(codec, format, formats));
  }
  return codecs;
}

/** The format that suits best; of equals the one offered first. */
function best(codec: VideoCodec, formats: readonly OfferedFormat[]): OfferedFormat | null {
  let found: OfferedFormat | null = null;
  let most = 0;
  for (const format of formats) {
    const suits = suitability(codec, format);
    if (suits <= most) continue;
    most = suits;
    found = format;
  }
  return found;
}

function videoCodec(
  codec: VideoCodec,
  format: OfferedFormat,
  formats: readonly OfferedFormat[],
): PayloadCodec {
  const { payloadType, clockRate } = format;
  const rtx = formats.find(
    ({ name, parameters, clockRate: rate }) =>
      name === 'rtx' && rate === clockRate && parameters['apt'] === payloadType,
  );
  return {
    name: codec,
    payloadType,
    rtxPayloadType: rtx?.payloadType ?? null,
    clockRate,
    channels: null,
    parameters: profileParameters(codec, format),
    feedback: accepted(VIDEO_FEEDBACK, format),
  };
}

function accepted(known: readonly string[], format: OfferedFormat): readonly string[] {
  return known.filter((kind) => format.feedback.includes(kind));
}
