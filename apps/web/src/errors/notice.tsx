// A whole screen that says one thing and offers what to do about it.

import type { IconNode } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useTitle } from '../app/title.js';
import { Icon } from '../ui/icon.js';
import { Page } from '../ui/page.js';
import './notice.css';

interface NoticeProps {
  readonly icon: IconNode;
  readonly title: string;
  readonly text: string;
  /** Buttons and links; the one that helps most first. */
  readonly children?: ComponentChildren;
}

export function Notice({ icon, title, text, children }: NoticeProps) {
  useTitle(title);
  const heading = useRef<HTMLHeadingElement>(null);
  // What was focused is gone with the former screen: reading starts again at what happened.
  useEffect(() => heading.current?.focus(), []);
  return (
    <Page>
      <div class="standstill">
        <div class="standstill-mark">
          <Icon of={icon} size={30} />
        </div>
        <h1 ref={heading} tabindex={-1}>
          {title}
        </h1>
        <p>{text}</p>
        <div class="standstill-actions">{children}</div>
      </div>
    </Page>
  );
}
