// RTCP packets written into one datagram, in the order given: a compound packet, or a reduced-size one (RFC 5506).
import { ByteWriter } from './byte-writer.js';
import { writeFullIntraRequest } from './full-intra-request.js';
import { writeGenericNack } from './generic-nack.js';
import { writeGoodbye } from './goodbye.js';
import { writePictureLossIndication } from './picture-loss-indication.js';
import { writeReceiverReport } from './receiver-report.js';
import { writeRemb } from './remb.js';
import type { RtcpPacket } from './rtcp-packet.js';
import { writeSenderReport } from './sender-report.js';
import { writeSourceDescription } from './source-description.js';
import { writeTransportFeedback } from './transport-feedback-writer.js';

/**
 * Writes packets one behind the other. 'other' packets have no content to write and are left out, as are requests
 * that ask for nothing; the result may so be empty. Keeping it within a datagram is the caller's part.
 */
export function writeRtcp(packets: readonly RtcpPacket[]): Buffer {
  const out = new ByteWriter();
  for (const packet of packets) writePacket(out, packet);
  return out.finish();
}

function writePacket(out: ByteWriter, packet: RtcpPacket): void {
  switch (packet.kind) {
    case 'sr':
      writeSenderReport(out, packet);
      break;
    case 'rr':
      writeReceiverReport(out, packet);
      break;
    case 'sdes':
      writeSourceDescription(out, packet);
      break;
    case 'bye':
      writeGoodbye(out, packet);
      break;
    case 'nack':
      writeGenericNack(out, packet);
      break;
    case 'pli':
      writePictureLossIndication(out, packet);
      break;
    case 'fir':
      writeFullIntraRequest(out, packet);
      break;
    case 'remb':
      writeRemb(out, packet);
      break;
    case 'transport-feedback':
      writeTransportFeedback(out, packet);
      break;
    case 'other':
      break;
  }
}
