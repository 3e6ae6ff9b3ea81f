// What is kept of a test that failed: pictures, what the pages complained about, and the logs of Maru and coturn.

import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Person } from '../../e2e/support/person.js';

const ARTIFACTS = fileURLToPath(new URL('../../.artifacts/', import.meta.url));
const PICTURE_MS = 5_000;

export async function keepEvidence(
  test: string,
  people: readonly Person[],
  logs: Readonly<Record<string, string>>,
): Promise<void> {
  const name = `network-${test.replace(/[^\w]+/g, '-').slice(0, 80)}`;
  await mkdir(ARTIFACTS, { recursive: true });
  for (const [of, log] of Object.entries(logs)) await writeFile(`${ARTIFACTS}${name}.${of}.log`, log);
  for (const [index, { page, ...person }] of people.entries()) {
    const file = `${ARTIFACTS}${name}.${index}-${person.name}`;
    await writeFile(`${file}.console.txt`, person.complaints.join('\n'));
    if (page.isClosed()) continue;
    try {
      const found = await page.evaluate(async () => ({
        pairs: await window.probe.pairs(),
        received: await window.probe.received(),
        candidateErrors: window.probe.candidateErrors(),
        connections: window.probe.connections(),
        happenings: window.probe.happenings(),
        frameTimes: Array.from(document.querySelectorAll('[data-peer-id]'), (tile) =>
          window.probe.frameTimes(tile.getAttribute('aria-label') ?? '').slice(-200),
        ),
      }));
      await writeFile(`${file}.json`, JSON.stringify(found, null, 2));
      await page.screenshot({ path: `${file}.png`, timeout: PICTURE_MS });
    } catch (error) {
      // A page that hangs cannot be asked: that it hangs is the evidence.
      await writeFile(`${file}.json`, String(error));
    }
  }
}
