// Does a STUN server answer from here, and which address does it see?

import type { IceServer } from '@maru/protocol';
import { doctor as t } from '../i18n/messages/doctor.js';
import { type IceAddress, rtcServer } from './ice-address.js';
import { good, type PageFinding, wrong } from './page-finding.js';
import { type Gathering, watchGathering } from './rtc-gathering.js';

export async function checkStun(
  server: IceServer,
  address: IceAddress,
  signal: AbortSignal,
): Promise<PageFinding> {
  const connection = new RTCPeerConnection({ iceServers: [rtcServer(server, address)] });
  try {
    const gathering = watchGathering(connection, 'srflx', signal);
    connection.createDataChannel('doctor');
    await connection.setLocalDescription();
    return describeStun(await gathering, address);
  } finally {
    connection.close();
  }
}

/** What gathering says about the server. */
export function describeStun(
  { address: seen, errors, complete }: Gathering,
  { text: url, port }: IceAddress,
): PageFinding {
  if (seen) return good(() => t('stunGood', { url, address: seen }));
  if (errors.some(isLookup))
    return wrong(
      () => t('lookup', { url }),
      () => t('lookupChange'),
    );
  // A server that sees the very address that the device has is given no candidate of its own (RFC 8445, section 5.1.3).
  if (complete && errors.length === 0) return good(() => t('stunSame', { url }));
  return wrong(
    () => t('stunSilent', { url }),
    () => t('stunSilentChange', { port }),
  );
}

/** Chromium says so in the text; the code is the same as that of a server which is silent. */
export const isLookup = ({ text }: { readonly text: string }): boolean => /lookup|resol/i.test(text);
