// What is said on the control channels: presence, chat and goodbye (PEER-2, PEER-3, PEER-4).

import type { PeerMessage, PeerState } from '@maru/protocol';
import type { Chat } from './chat.js';
import type { Members } from './members.js';

export interface ConversationOptions {
  readonly chat: Chat;
  readonly members: Members;
  state(): PeerState;
  onChat(): void;
}

export interface Conversation {
  /** Says a line to everyone; false when it is empty or too long. */
  say(text: string, name: string): boolean;
  /** A channel to this peer has opened: say who we are now, and what it may have missed. */
  opened(peer: string): void;
  receive(peer: string, message: PeerMessage): void;
}

export function createConversation(options: ConversationOptions): Conversation {
  const { chat, members, onChat } = options;
  return {
    say(text, name) {
      const line = chat.say(text, name, members.ids);
      if (!line) return false;
      // A channel that is not open now says it when it opens.
      members.sendAll(line);
      onChat();
      return true;
    },
    opened(peer) {
      members.send(peer, { type: 'presence', state: options.state() });
      for (const line of chat.unconfirmed(peer)) members.send(peer, line);
    },
    receive(peer, message) {
      switch (message.type) {
        case 'presence':
          members.setState(peer, message.state);
          break;
        case 'chat':
          members.send(peer, { type: 'received', id: message.id });
          if (chat.hear(message, peer, members.get(peer)?.peer.name ?? '')) onChat();
          break;
        case 'received':
          chat.confirm(peer, message.id);
          break;
        case 'bye':
          members.remove(peer, true);
      }
    },
  };
}
