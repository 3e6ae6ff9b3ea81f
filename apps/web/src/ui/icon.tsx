// One icon of lucide's line family, drawn at LOOK's 1.8 px. Decoration: the control around it carries the name.

import type { IconNode } from 'lucide';
import { h } from 'preact';

interface IconProps {
  readonly of: IconNode;
  /** Side of the square, in CSS pixels. */
  readonly size?: number;
}

export function Icon({ of: shapes, size = 20 }: IconProps) {
  // The stroke is scaled with the 24-unit view box, so that the line stays 1.8 px at every size.
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width={(1.8 * 24) / size}
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {shapes.map(([tag, attributes]) => h(tag, attributes))}
    </svg>
  );
}
