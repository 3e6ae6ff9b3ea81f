// What is said on the control channels: presence, chat, goodbye and what is shown (PEER-2 to PEER-5).

import type { PeerMessage, PeerState } from '@maru/protocol';
import type { Clock } from '../env/env.js';
import type { Chat } from './chat.js';
import type { Members } from './members.js';

/** How often a peer may have said again what it has not confirmed by saying its presence, in milliseconds. */
const AGAIN_MS = 5_000;

export interface ConversationOptions {
  readonly clock: Clock;
  readonly chat: Chat;
  readonly members: Members;
  state(): PeerState;
  onChange(): void;
}

export interface Conversation {
  /** Says a line to everyone; false when it is empty or too long. */
  say(text: string, name: string): boolean;
  /** A channel to this peer has opened: say who we are now, and what it may have missed. */
  opened(peer: string): void;
  receive(peer: string, message: PeerMessage): void;
}

export function createConversation(options: ConversationOptions): Conversation {
  const { clock, chat, members, onChange } = options;

  /** Says what a peer has not confirmed, until a line is refused. */
  function catchUp(peer: string): void {
    const member = members.get(peer);
    const lines = chat.unconfirmed(peer);
    if (!member) return;
    if (lines.length > 0) member.caughtUpAt = clock.now();
    member.behind = !lines.every((line) => member.link.send(line));
  }

  return {
    say(text, name) {
      const line = chat.say(text, name, members.ids);
      if (!line) return false;
      for (const peer of members.ids) {
        const member = members.get(peer);
        // Lines refused before go first; a channel that is not open now says all when it opens.
        if (member?.behind) catchUp(peer);
        else if (member) member.behind = !member.link.send(line);
      }
      onChange();
      return true;
    },
    opened(peer) {
      members.send(peer, { type: 'presence', state: options.state() });
      catchUp(peer);
    },
    receive(peer, message) {
      const member = members.get(peer);
      switch (message.type) {
        case 'presence':
          members.setState(peer, message.state);
          // It may have come back by another way to the SFU, of which this end is told nothing (SFU-11), while what was on
          // the way to it is lost.
          if (member && clock.now() - member.caughtUpAt >= AGAIN_MS) catchUp(peer);
          break;
        case 'chat':
          members.send(peer, { type: 'received', id: message.id });
          if (chat.hear(message, peer, member?.peer.name ?? '')) onChange();
          break;
        case 'received':
          chat.confirm(peer, message.id);
          // The channel moves again.
          if (member?.behind) catchUp(peer);
          break;
        case 'view':
          if (member) member.sees = message;
          onChange();
          break;
        case 'bye':
          members.remove(peer, true);
      }
    },
  };
}
