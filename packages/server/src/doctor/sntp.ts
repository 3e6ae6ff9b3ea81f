// The time of an NTP server, asked once: SNTP, the client's side (RFC 4330, section 5).

import { createSocket } from 'node:dgram';
import { NetworkFailure, socketFailure } from './network-failure.js';

const PACKET_LENGTH = 48;
const PORT = 123;
/** Leap indicator 0, version 4, mode 3 (client). */
const CLIENT = 0b00_100_011;
const SERVER_MODE = 4;
/** NTP counts seconds from 1900 (RFC 4330, section 3). */
const EPOCH_OFFSET_S = 2_208_988_800;
/** The 32 bits of seconds begin anew in 2036: what is less than this is of the next era. */
const ERA_S = 2 ** 32;
const TRANSMIT_OFFSET = 40;
const RECEIVE_OFFSET = 32;
const ORIGINATE_OFFSET = 24;
const UNSYNCHRONIZED = 3;

/** By how much this machine's clock is behind that of the server, in milliseconds; negative when it is ahead. */
export function clockOffset(server: string, unixTime: () => number, timeoutMs: number): Promise<number> {
  const [host = server, port = String(PORT)] = server.split(/:(?=\d+$)/);
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      socket.close();
      settle();
    };
    const fail = (failure: NetworkFailure): void => end(() => reject(failure));
    const timer = setTimeout(() => fail(new NetworkFailure('timeout', 'no answer')), timeoutMs);
    const request = Buffer.alloc(PACKET_LENGTH);
    request.writeUInt8(CLIENT, 0);
    const sentAt = unixTime();
    writeTimestamp(request, TRANSMIT_OFFSET, sentAt);
    socket.once('error', (error) => fail(socketFailure(error)));
    socket.on('message', (answer) => {
      const offset = readOffset(request, answer, sentAt, unixTime());
      if (offset !== null) end(() => resolve(offset));
    });
    socket.connect(Number(port), host, (error?: Error | null) => {
      if (!error) socket.send(request);
    });
  });
}

/** The clock offset that an answer tells (RFC 4330, section 5); null when it is no sound answer to the request. */
export function readOffset(
  request: Buffer,
  answer: Buffer,
  sentAtMs: number,
  receivedAtMs: number,
): number | null {
  if (answer.length < PACKET_LENGTH) return null;
  const head = answer.readUInt8(0);
  const stratum = answer.readUInt8(1);
  if ((head & 0b111) !== SERVER_MODE || head >> 6 === UNSYNCHRONIZED || stratum === 0) return null;
  const echoed = answer.subarray(ORIGINATE_OFFSET, ORIGINATE_OFFSET + 8);
  if (!echoed.equals(request.subarray(TRANSMIT_OFFSET, TRANSMIT_OFFSET + 8))) return null;
  const arrived = readTimestamp(answer, RECEIVE_OFFSET);
  const left = readTimestamp(answer, TRANSMIT_OFFSET);
  return (arrived - sentAtMs + (left - receivedAtMs)) / 2;
}

export function writeTimestamp(packet: Buffer, offset: number, unixMs: number): void {
  const seconds = Math.floor(unixMs / 1_000);
  packet.writeUInt32BE((seconds + EPOCH_OFFSET_S) % ERA_S, offset);
  packet.writeUInt32BE(Math.floor(((unixMs / 1_000 - seconds) * ERA_S) % ERA_S), offset + 4);
}

function readTimestamp(packet: Buffer, offset: number): number {
  const seconds = packet.readUInt32BE(offset);
  // Before 1968 in the first era means after 2036, in the next (RFC 4330, section 3).
  const era = seconds < ERA_S / 2 ? ERA_S : 0;
  return (seconds + era - EPOCH_OFFSET_S + packet.readUInt32BE(offset + 4) / ERA_S) * 1_000;
}
