// The encodings that a line offers to send (RFC 8853, RFC 8851), and what is answered to them.

import { type MediaDescription, parseSimulcastStreamList } from 'sdp-transform';
import type { PayloadCodec } from './link-plan.js';
import type { AnsweredRid } from './section-plan.js';

/** As many as a room knows what to do with. */
export const MAX_RIDS = 4;

/** Letters of RFC 8852; no longer than one header extension element carries. */
const RID = /^[A-Za-z0-9_-]{1,16}$/;

/** Accepted encodings in the order offered. Of alternatives the first is taken; empty where the line is one stream. */
export function negotiateRids(
  media: MediaDescription,
  codecs: readonly PayloadCodec[],
): readonly AnsweredRid[] {
  const described = new Map(
    (media.rids ?? [])
      .filter(({ direction }) => direction === 'send')
      .map((rid) => [String(rid.id), rid] as const),
  );
  const answered: AnsweredRid[] = [];
  for (const rid of new Set(offeredRids(media))) {
    const found = described.get(rid);
    if (!found || !RID.test(rid)) continue;
    const parameters = restrict(String(found.params ?? ''), codecs);
    if (parameters !== null) answered.push({ rid, parameters });
  }
  return answered;
}

function offeredRids(media: MediaDescription): readonly string[] {
  const { simulcast } = media;
  if (!simulcast) return [];
  const list =
    simulcast.dir1 === 'send' ? simulcast.list1 : simulcast.dir2 === 'send' ? simulcast.list2 : undefined;
  if (list === undefined) return [];
  return parseSimulcastStreamList(String(list)).map(([first]) => String(first?.scid ?? ''));
}

/** Its restrictions with the formats that were accepted (RFC 8851, section 6.3); null when none of its formats was. */
function restrict(parameters: string, codecs: readonly PayloadCodec[]): string | null {
  const kept: string[] = [];
  for (const parameter of parameters.split(';').filter((part) => part !== '')) {
    if (!parameter.startsWith('pt=')) {
      kept.push(parameter);
      continue;
    }
    const formats = parameter.slice('pt='.length).split(',');
    const accepted = codecs
      .map(({ payloadType }) => String(payloadType))
      .filter((type) => formats.includes(type));
    if (accepted.length === 0) return null;
    kept.unshift(`pt=${accepted.join(',')}`);
  }
  return kept.join(';');
}
