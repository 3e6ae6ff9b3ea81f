// The name of a member inside Maru's SFU: as long as the ids of real peers.

export function peerName(number: number): string {
  return `peer${String(number).padStart(12, '0')}`;
}
