// The frame of a daylight screen: brand and tools above, the screen's own content, a footer where there is one.

import type { ComponentChildren } from 'preact';
import { Brand } from './brand.js';
import { LanguageSwitch } from './language-switch.js';
import './page.css';

interface PageProps {
  /** Stands in the header, before the language switch. */
  readonly tools?: ComponentChildren;
  readonly footer?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Page({ tools, footer, children }: PageProps) {
  return (
    <div class="page">
      <header class="page-head">
        <Brand />
        <nav class="page-tools">
          {tools}
          <LanguageSwitch />
        </nav>
      </header>
      <main class="page-main">{children}</main>
      {footer && <footer class="page-foot">{footer}</footer>}
    </div>
  );
}
