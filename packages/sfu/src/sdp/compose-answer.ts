// The answer that the browser gets: the m-lines of its offer mirrored, the SFU's transport in each (RFC 8829, section 5.3).

import { type MediaDescription, write } from 'sdp-transform';
import { answerData, answerRtp } from './answer-section.js';
import type { LinkPlan } from './link-plan.js';
import type { PipeTransport } from './pipe-transport.js';

/** Type preference of host candidates, highest local preference, and the one component (RFC 8445, section 5.1.2). */
const HOST_PREFERENCE = 126;
const MAX_LOCAL_PREFERENCE = 65_535;
const COMPONENT = 1;

/** Complete: all candidates are in it, and none will follow. */
export function composeAnswer(plan: LinkPlan, transport: PipeTransport): string {
  const media = plan.sections.map((section, position): MediaDescription => {
    const described = section.use === 'data' ? answerData(section.data, transport.sctp) : answerRtp(section);
    return {
      ...described,
      port: 9,
      connection: { version: 4, ip: '0.0.0.0' },
      iceUfrag: transport.usernameFragment,
      icePwd: transport.password,
      fingerprint: { type: transport.fingerprint.algorithm, hash: transport.fingerprint.value },
      setup: 'passive',
      // One transport for all: its candidates are those of the first m-line (RFC 8843, section 7.3.1).
      ...(position === 0 ? { candidates: candidates(transport), endOfCandidates: 'end-of-candidates' } : {}),
    };
  });
  return write({
    version: 0,
    // Fresh for each link, as RFC 8866, section 5.2 wants it.
    origin: {
      username: '-',
      sessionId: plan.feedbackSsrc,
      sessionVersion: 1,
      netType: 'IN',
      ipVer: 4,
      address: '127.0.0.1',
    },
    name: '-',
    timing: { start: 0, stop: 0 },
    groups: [{ type: 'BUNDLE', mids: media.map(({ mid }) => mid).join(' ') }],
    media,
  });
}

function candidates(transport: PipeTransport): NonNullable<MediaDescription['candidates']> {
  return transport.candidates.map(({ address, port }, index) => ({
    foundation: String(index + 1),
    component: COMPONENT,
    transport: 'udp',
    priority: HOST_PREFERENCE * 2 ** 24 + (MAX_LOCAL_PREFERENCE - index) * 2 ** 8 + (256 - COMPONENT),
    ip: address,
    port,
    type: 'host',
  }));
}
