// RTP as Chromium and Firefox really send it: names, levels, sequence numbers, retransmissions and probes.
import { describe, expect, test } from 'vitest';
import {
  extensionDataLength,
  isTwoByteProfile,
  readAudioLevel,
  readText,
  readTransportSequence,
} from '../src/rtp/header-extension.js';
import { type RtpPacket, readRtp } from '../src/rtp/rtp-packet.js';
import { unwrapRtx } from '../src/rtp/rtx.js';
import { CAPTURES, type CapturedPackets, capturedPackets } from './support/captured-packets.js';

function readAll(capture: CapturedPackets): RtpPacket[] {
  return capture.rtp.map((bytes) => {
    const packet = readRtp(bytes);
    if (packet === null) throw new Error(`not read: ${bytes.toString('hex')}`);
    return packet;
  });
}

const idOf = (capture: CapturedPackets, name: string): number => capture.extensions[name] ?? 0;

describe.each(CAPTURES)('%s', (name) => {
  const capture = capturedPackets(name);
  const packets = readAll(capture);
  const types = Object.values(capture.codecs);
  const repairTypes = types.map(({ rtxPayloadType }) => rtxPayloadType);

  test('every packet is of a known type and has its transport-wide sequence number', () => {
    const known = types.flatMap(({ payloadType, rtxPayloadType }) => [payloadType, rtxPayloadType]);
    for (const packet of packets) {
      expect(known).toContain(packet.payloadType);
      expect(readTransportSequence(packet, idOf(capture, 'transportSequence'))).toBeGreaterThanOrEqual(0);
    }
  });

  test('audio says its level and its MID, and has no RID', () => {
    const audio = packets.filter(({ payloadType }) => payloadType === capture.codecs['opus']?.payloadType);
    expect(audio.length).toBeGreaterThan(0);
    for (const packet of audio) {
      expect(readAudioLevel(packet, idOf(capture, 'audioLevel'))).toBeGreaterThanOrEqual(0);
      expect(readText(packet, idOf(capture, 'rid'))).toBeNull();
    }
    expect(audio.map((packet) => readText(packet, idOf(capture, 'mid')))).toContain('0');
  });

  test('a stream names itself by RID, its retransmissions by repaired RID, never both', () => {
    const streams = new Map<string, number>();
    for (const packet of packets) {
      const rid = readText(packet, idOf(capture, 'rid'));
      const repaired = readText(packet, idOf(capture, 'repairedRid'));
      if (rid === null && repaired === null) continue;
      expect(rid === null).not.toBe(repaired === null);
      expect(repairTypes.includes(packet.payloadType)).toBe(repaired !== null);
      const stream = rid ?? `repair of ${repaired}`;
      expect(streams.get(stream) ?? packet.ssrc).toBe(packet.ssrc);
      streams.set(stream, packet.ssrc);
    }
    expect([...streams.keys()]).toEqual(expect.arrayContaining(['l', 'repair of l']));
    expect(new Set(streams.values()).size).toBe(streams.size);
  });

  test('retransmissions are packets of the repaired stream; padding alone is none', () => {
    const primary = new Map<string, RtpPacket[]>();
    const ridOfSsrc = new Map<number, string>();
    for (const packet of packets) {
      const rid = readText(packet, idOf(capture, 'rid'));
      if (rid !== null) ridOfSsrc.set(packet.ssrc, rid);
      const known = ridOfSsrc.get(packet.ssrc);
      if (known !== undefined) primary.set(known, [...(primary.get(known) ?? []), packet]);
    }
    let padding = 0;
    let repeated = 0;
    for (const packet of packets) {
      if (!repairTypes.includes(packet.payloadType)) continue;
      const original = unwrapRtx(packet, 1, 2);
      if (original === null) {
        expect(packet.payloadLength).toBe(0);
        padding += 1;
        continue;
      }
      const stream = primary.get(readText(packet, idOf(capture, 'repairedRid')) ?? '') ?? [];
      const same = stream.find(({ sequenceNumber }) => sequenceNumber === original.sequenceNumber);
      if (same === undefined) continue;
      repeated += 1;
      expect(original.timestamp).toBe(same.timestamp);
      const body = (of: RtpPacket) => of.bytes.subarray(of.payloadOffset, of.payloadOffset + 30);
      expect(body(original).equals(body(same))).toBe(true);
    }
    expect(padding).toBeGreaterThan(0);
    expect(repeated).toBeGreaterThan(0);
  });

  test('the dependency descriptor is found in either form, with any codec', () => {
    const descriptors = packets.filter(
      (p) => extensionDataLength(p, idOf(capture, 'dependencyDescriptor')) >= 3,
    );
    expect(descriptors.length).toBeGreaterThan(0);
    for (const packet of descriptors) {
      const length = extensionDataLength(packet, idOf(capture, 'dependencyDescriptor'));
      expect(isTwoByteProfile(packet.extensionProfile)).toBe(length > 16);
    }
  });
});
