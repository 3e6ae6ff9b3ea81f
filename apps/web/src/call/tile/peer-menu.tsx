// What can be known and done about one person: the connection in words, and keeping them large.

import type { PeerSnapshot } from '@maru/client';
import { useSignal } from '@preact/signals';
import { Ellipsis, Pin, PinOff } from 'lucide';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Button } from '../../ui/button.js';
import { Icon } from '../../ui/icon.js';
import { useCall } from '../call-model.js';
import { t } from '../messages.js';
import { hasPopovers } from '../popovers.js';
import { connectionFacts } from './connection-facts.js';

/** Distance to the edge of the window and to the button, in CSS pixels. */
const MARGIN = 8;

/** What it takes, in CSS pixels: the style sheet's width, and its height with every fact on one line. */
const WIDTH = 290;
const HEIGHT = 280;

export function PeerMenu({ peer }: { readonly peer: PeerSnapshot }) {
  // Firefox before 125 and Safari before 17 would show it open all the time.
  return hasPopovers() ? <Menu peer={peer} /> : null;
}

function Menu({ peer }: { readonly peer: PeerSnapshot }) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLDivElement>(null);
  const open = useSignal(false);
  useEffect(() => {
    if (!open.value) return;
    // A phone is turned on its side while the menu is open.
    const follow = () => place(popover.current, button.current);
    addEventListener('resize', follow);
    return () => removeEventListener('resize', follow);
  }, [open.value]);
  return (
    <>
      <button
        ref={button}
        type="button"
        class="tile-button"
        aria-label={t('tileMenu', { name: peer.name })}
        popovertarget={id}
      >
        <Icon of={Ellipsis} size={18} />
      </button>
      <div
        ref={popover}
        id={id}
        class="peer-menu"
        popover="auto"
        role="dialog"
        aria-label={peer.name}
        onBeforeToggle={(event) => {
          open.value = event.newState === 'open';
          if (open.value) place(popover.current, button.current);
        }}
      >
        {open.value && <Details peer={peer} close={() => popover.current?.hidePopover()} />}
      </div>
    </>
  );
}

interface DetailsProps {
  readonly peer: PeerSnapshot;
  readonly close: () => void;
}

function Details({ peer, close }: DetailsProps) {
  const { pinned, session } = useCall();
  const isPinned = pinned.value === peer.id;
  return (
    <>
      <h2>{peer.name}</h2>
      <dl class="facts">
        {connectionFacts(peer.stats, session.roomState.value.info?.topology).map((fact) => (
          <div key={fact.label}>
            <dt>{fact.label}</dt>
            <dd>{fact.value}</dd>
          </div>
        ))}
      </dl>
      <Button
        rank="soft"
        icon={isPinned ? PinOff : Pin}
        onClick={() => {
          pinned.value = isPinned ? null : peer.id;
          close();
        }}
      >
        {isPinned ? t('unpin') : t('pin')}
      </Button>
    </>
  );
}

/** Puts the popover under its button, inside the window, before it is shown. On a phone the style sheet places it instead. */
function place(popover: HTMLElement | null, button: HTMLElement | null): void {
  if (!popover || !button) return;
  const anchor = button.getBoundingClientRect();
  const left = Math.min(anchor.right - WIDTH, innerWidth - WIDTH - MARGIN);
  const top = Math.min(anchor.bottom + MARGIN, innerHeight - HEIGHT - MARGIN);
  popover.style.setProperty('--left', `${Math.max(MARGIN, left)}px`);
  popover.style.setProperty('--top', `${Math.max(MARGIN, top)}px`);
}
