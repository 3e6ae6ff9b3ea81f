// What leaves now: each picture to each peer with the sender that carries it, and how many sounds.

import type { Line } from '@maru/protocol';
import type { LineTracks } from '../link/peer-link.js';
import type { Member } from '../room/member.js';
import { PICTURE_LINES, type Picture } from './picture.js';

/** What is assumed of a track that does not say how large it is: the camera that most have. */
const USUAL_SIZE = { width: 640, height: 480 } as const;

const NONE: ReadonlySet<Line> = new Set();

/** A picture and its sender. */
export interface Sending extends Picture {
  readonly member: Member;
  readonly sender: RTCRtpSender;
}

/** Everything that leaves to those whose connection works. */
export function sendingsTo(members: readonly Member[], tracks: LineTracks): readonly Sending[] {
  return members.flatMap((member) => {
    const { link } = member;
    if (link.snapshot.phase !== 'connected') return [];
    return PICTURE_LINES.flatMap((line) => {
      const track = member.paused.has(line) ? null : tracks[line];
      const sender = link.sender(line);
      if (!track || !sender) return [];
      const { width = USUAL_SIZE.width, height = USUAL_SIZE.height } = track.getSettings();
      const drawnWidth = Math.max(1, member.sees?.[line] ?? width);
      return {
        member,
        sender,
        peer: member.peer.id,
        line,
        sourceWidth: width,
        sourceHeight: height,
        drawnWidth,
      };
    });
  });
}

/** How many sounds leave to one peer. They are heard whether or not the picture beside them is seen. */
export function soundsOf(tracks: LineTracks): number {
  return (tracks.mic ? 1 : 0) + (tracks.screenAudio ? 1 : 0);
}

/** Sends nothing on the lines that a peer does not see: a track costs even where its encoding is inactive (PEER-5). */
export function pauseUnseen(member: Member, tracks: LineTracks): void {
  const { sees, paused, link } = member;
  const hidden = PICTURE_LINES.filter((line) => sees?.[line] === 0);
  const changed = PICTURE_LINES.filter((line) => hidden.includes(line) !== paused.has(line));
  if (changed.length === 0) return;
  member.paused = hidden.length > 0 ? new Set<Line>(hidden) : NONE;
  for (const line of changed) link.setTrack(line, member.paused.has(line) ? null : tracks[line]);
}
