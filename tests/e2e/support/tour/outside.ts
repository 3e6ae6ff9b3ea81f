// The screens outside of any room: home, lab, doctor, wrong link, a browser that cannot, a part that did not load.

import type { Tour } from './tour.js';

export async function outside({ visit, button, walker }: Tour): Promise<void> {
  const ann = await walker('Ann');
  const { page } = ann;

  await ann.open('/');
  const field = page.locator('input[name="room"]');
  await field.waitFor();
  await visit('home', page);
  await field.press('Enter');
  await page.getByRole('alert').waitFor();
  await visit('home, no name typed', page);

  await ann.open('/lab');
  await button(page, 'lab', 'start').click();
  await button(page, 'lab', 'call').waitFor();
  await visit('lab before a call', page);
  await button(page, 'lab', 'call').click();
  await page.locator('dl > div[data-reached="false"]').first().waitFor({ state: 'detached' });
  await visit('lab in a call', page);
  await page.locator('summary').first().click();
  await visit('lab, a description unfolded', page);
  await button(page, 'lab', 'hangUp').click();
  await button(page, 'lab', 'call').waitFor();
  await visit('lab after a call', page);

  await ann.open('/doctor');
  await button(page, 'doctor', 'start').waitFor();
  await visit('doctor', page);
  await button(page, 'doctor', 'start').click();
  await button(page, 'doctor', 'again').and(page.locator(':enabled')).waitFor();
  await visit('doctor, findings', page);

  await ann.open('/nowhere');
  await page.getByRole('heading').first().waitFor();
  await visit('wrong link', page);

  await page.route('**/assets/lab-*.js', (route) => route.abort());
  await ann.open('/lab');
  await button(page, 'common', 'reload').waitFor();
  await visit('a part that did not load', page);

  const old = await walker('Old', { before: (context) => context.addInitScript(withoutWebRtc) });
  await old.openRoom();
  await old.page.getByRole('heading').first().waitFor();
  await visit('browser without WebRTC', old.page);
}

/** Sent to the page as text. */
function withoutWebRtc(): void {
  Reflect.deleteProperty(window, 'RTCPeerConnection');
  Reflect.deleteProperty(window, 'webkitRTCPeerConnection');
}
