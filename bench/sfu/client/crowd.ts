// All members of a bench, driven by one clock: media every five milliseconds, as browsers pace it, feedback every ten.

import type { Member } from './member.js';

const MEDIA_MS = 5;
const REPORTS_MS = 10;

export class Crowd {
  readonly members: Member[] = [];
  readonly #timer: NodeJS.Timeout;
  #reportsAt = 0;

  constructor() {
    this.#timer = setInterval(() => this.#tick(), MEDIA_MS);
  }

  close(): void {
    clearInterval(this.#timer);
    for (const member of this.members) member.close();
  }

  #tick(): void {
    const now = performance.now();
    for (const member of this.members) member.sendMedia(now);
    if (now < this.#reportsAt) return;
    this.#reportsAt = now + REPORTS_MS;
    for (const member of this.members) member.sendReports(now);
  }
}
