// Does a TURN server relay from here, with the credentials that people get?

import type { IceServer } from '@maru/protocol';
import { doctor as t } from '../i18n/messages/doctor.js';
import { type IceAddress, rtcServer } from './ice-address.js';
import { good, type PageFinding, wrong } from './page-finding.js';
import type { Gathering } from './rtc-gathering.js';
import { type RelayTrip, relayTrip } from './rtc-relay-trip.js';
import { isLookup } from './stun-check.js';

/** RFC 8489, section 14.8, and RFC 8656, section 19. */
const CREDENTIAL_ERRORS = [401, 441];
/** W3C webrtc-pc, section 4.8.2: the server was not reached. */
const NOT_REACHED = 701;
/** What was ended sooner than this was refused; what is blocked takes longer. */
const SOON_MS = 4_000;

export async function checkTurn(
  server: IceServer,
  address: IceAddress,
  signal: AbortSignal,
): Promise<PageFinding> {
  return describeTrip(await relayTrip(rtcServer(server, address), signal), address);
}

/** What a trip says about the server. */
export function describeTrip({ gathering, passed }: RelayTrip, address: IceAddress): PageFinding {
  const { text: url } = address;
  if (passed) {
    const kilobytes = Math.round(passed.bytes / 1_024);
    return good(() => t('turnGood', { url, kilobytes, ms: passed.ms }));
  }
  if (gathering.address !== null) {
    return wrong(
      () => t('turnClosedPorts', { url }),
      () => t('turnClosedPortsChange'),
    );
  }
  return noRelay(gathering, address);
}

function noRelay({ errors, ms }: Gathering, { text: url, transport, port }: IceAddress): PageFinding {
  if (errors.some(({ code }) => CREDENTIAL_ERRORS.includes(code))) {
    return wrong(
      () => t('turnCredentials', { url }),
      () => t('turnCredentialsChange'),
    );
  }
  if (errors.some(isLookup))
    return wrong(
      () => t('lookup', { url }),
      () => t('lookupChange'),
    );
  const refusal = errors.find(({ code }) => code !== NOT_REACHED);
  if (refusal) {
    const { code, text } = refusal;
    return wrong(
      () => t('refused', { url, code, text }),
      () => t('refusedChange'),
    );
  }
  // The browser says no more than that it was not reached, so the time has to tell the rest.
  if (transport === 'tls')
    return wrong(
      () => t('turnTls', { url }),
      () => t('turnTlsChange', { port }),
    );
  if (transport === 'tcp' && ms < SOON_MS) {
    return wrong(
      () => t('turnEnded', { url }),
      () => t('turnEndedChange', { port }),
    );
  }
  const protocol = transport.toUpperCase();
  return wrong(
    () => t('turnSilent', { url }),
    () => t('turnSilentChange', { protocol, port }),
  );
}
