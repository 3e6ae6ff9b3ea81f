// A button with words, in one of the page's four ranks.

import type { IconNode } from 'lucide';
import type { ButtonHTMLAttributes } from 'preact';
import { Icon } from './icon.js';
import './button.css';

interface ButtonProps extends ButtonHTMLAttributes {
  /** `main`: the one main action of a screen; `outline`: its alternative; `soft`: a tool; `plain`: a link's rank. */
  readonly rank?: 'main' | 'outline' | 'soft' | 'plain';
  readonly icon?: IconNode;
  /** `large` for the one big button of a form. */
  readonly size?: 'normal' | 'large';
}

export function Button({ rank = 'soft', icon, size = 'normal', children, ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} class={`button button-${rank} button-${size}`}>
      {icon && <Icon of={icon} size={18} />}
      <span>{children}</span>
    </button>
  );
}

interface LinkButtonProps {
  readonly href: string;
  readonly rank?: 'main' | 'outline' | 'soft' | 'plain';
  readonly children: string;
}

/** Looks like a button and is a link: it leads somewhere and can be opened in a new tab. */
export function LinkButton({ href, rank = 'soft', children }: LinkButtonProps) {
  return (
    <a href={href} class={`button button-${rank} button-normal`}>
      <span>{children}</span>
    </a>
  );
}
