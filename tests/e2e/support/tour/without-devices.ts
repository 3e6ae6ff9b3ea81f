// Where there is no camera and no microphone: refused, not there, or kept back because the page is not secure.

import { INSECURE_HOST } from '../chromium.js';
import { roomLink } from '../person.js';
import type { Tour, Walker } from './tour.js';

const PHONE = { width: 360, height: 640 };

export async function withoutDevices(tour: Tour): Promise<void> {
  await Promise.all([refused(tour), missing(tour), insecure(tour)]);
}

async function refused({ visit, button, browser, walker, seat }: Tour): Promise<void> {
  const chromium = await browser({ permission: 'deny' });
  const ann = await walker('Ann', { chromium });
  const { page } = ann;
  await ann.openRoom();
  await inPlaceOfPicture(ann);
  await visit('lobby, devices refused', page);

  await ann.open('/lab');
  await button(page, 'lab', 'start').click();
  await button(page, 'lab', 'call').waitFor();
  await visit('lab, devices refused', page);

  await seat('Bob');
  await ann.openRoom('&join');
  await page.locator('.notice-danger').nth(1).waitFor();
  await visit('call, devices refused', page);
}

async function missing({ visit, button, browser, walker }: Tour): Promise<void> {
  const chromium = await browser({ devices: 'none' });
  const ann = await walker('Ann', { chromium });
  const { page } = ann;
  await ann.openRoom();
  await inPlaceOfPicture(ann);
  await visit('lobby, no devices', page);
  await page.setViewportSize(PHONE);
  await button(page, 'lobby', 'devices').click();
  await page.getByRole('dialog').waitFor();
  await visit('devices on a phone, none there', page);
}

async function insecure({ room, visit, walker }: Tour): Promise<void> {
  const ann = await walker('Ann');
  await ann.page.goto(roomLink(`http://${INSECURE_HOST}:${ann.way.port}`, room));
  await inPlaceOfPicture(ann);
  await visit('lobby, a page that is not secure', ann.page);
}

async function inPlaceOfPicture({ page }: Walker): Promise<void> {
  await page.locator('.picture-hint, .picture-words button').first().waitFor();
}
