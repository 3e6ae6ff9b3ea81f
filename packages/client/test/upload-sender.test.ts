// Orders to a sender: one after the other, only what has changed, and without the codec where that is refused.

import { expect, test } from 'vitest';
import { settle } from '../src/testing/fake-env.js';
import { FAKE_CODECS, FakeSender } from '../src/testing/fake-sender.js';
import { orderSender, type SenderOrder } from '../src/upload/rtc-sender-parameters.js';
import { readSenderStats } from '../src/upload/sender-sample.js';

const order = (maxBitrate: number): SenderOrder => ({ maxBitrate, priority: 'low' });

async function idle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await settle();
}

function never(error: unknown): void {
  throw error;
}

test('an order is carried out once, however often it is given', async () => {
  const sender = new FakeSender();
  for (let i = 0; i < 3; i += 1) orderSender(sender.it, order(100), never);
  await idle();
  orderSender(sender.it, order(100), never);
  await idle();
  expect(sender.set).toEqual([{ active: true, maxBitrate: 100, priority: 'low' }]);
});

test('of orders that come while one is carried out only the newest follows, and never two at once', async () => {
  const sender = new FakeSender();
  for (const bits of [100, 200, 300, 400]) orderSender(sender.it, order(bits), never);
  await idle();
  expect(sender.set.map(({ maxBitrate }) => maxBitrate)).toEqual([100, 400]);
  expect(sender.mostAtOnce).toBe(1);
});

test('a codec is set where it can be, and left out for good where it is refused', async () => {
  const codec = FAKE_CODECS[1] ?? null;
  const able = new FakeSender();
  orderSender(able.it, { ...order(100), codec }, never);
  const unable = new FakeSender();
  unable.refusesCodec = true;
  orderSender(unable.it, { ...order(100), codec }, never);
  await idle();
  orderSender(unable.it, { ...order(200), codec }, never);
  await idle();
  expect(able.encoding).toMatchObject({ maxBitrate: 100, codec });
  expect(unable.set).toEqual([
    { active: true, maxBitrate: 100, priority: 'low' },
    { active: true, maxBitrate: 200, priority: 'low' },
  ]);
});

test('what the browser refuses is told, and does not stop the next order', async () => {
  const sender = new FakeSender();
  const refused: unknown[] = [];
  sender.broken = true;
  orderSender(sender.it, order(100), (error) => refused.push(error));
  await idle();
  sender.broken = false;
  orderSender(sender.it, order(200), never);
  await idle();
  expect(refused).toHaveLength(1);
  expect(sender.encoding.maxBitrate).toBe(200);
});

test('a sender without encodings is left alone', async () => {
  const sender = new FakeSender();
  sender.negotiated = false;
  orderSender(sender.it, order(100), never);
  await idle();
  expect(sender.set).toEqual([]);
});

test('statistics tell what the selected path takes, and whether the processor is the limit', async () => {
  const sender = new FakeSender();
  expect(readSenderStats(await sender.getStats())).toEqual({ available: null, cpuLimited: false });
  sender.available = 500_000;
  sender.cpuLimited = true;
  expect(readSenderStats(await sender.getStats())).toEqual({ available: 500_000, cpuLimited: true });
});
