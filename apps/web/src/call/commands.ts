// What the controls and the keys of a call do.

import { announce } from '../ui/announcer.js';
import type { Command } from './bar/shortcuts.js';
import type { CallModel } from './call-model.js';
import { t } from './messages.js';

/** Carries out a command. What a device came to is announced when it is known, everything else here. */
export function runCommand(call: CallModel, command: Command): void {
  const { session } = call;
  const { media, room } = session;
  const { camera, microphone, screen, canShareScreen } = session.mediaState.value;
  switch (command) {
    case 'mic':
      void media.setMicrophone(!isOn(microphone));
      break;
    case 'camera':
      void media.setCamera(!isOn(camera));
      break;
    case 'screen':
      if (isOn(screen)) media.stopScreen();
      else if (canShareScreen) void media.startScreen();
      break;
    case 'hand': {
      const raised = session.roomState.value.self?.state.hand !== true;
      room.setHand(raised);
      announce(t(raised ? 'saidHandUp' : 'saidHandDown'));
      break;
    }
    case 'chat':
      call.toggle('chat');
      break;
    case 'leave':
      // In a mesh the others go on without us: nobody would be lost, so nothing is asked.
      session.leave();
      break;
  }
}

/** On, or being turned on: pressing again takes that back. */
export function isOn(source: { readonly wanted: boolean; readonly status: string }): boolean {
  return source.wanted && source.status !== 'failed' && source.status !== 'off';
}
