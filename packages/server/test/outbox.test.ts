// What goes out on a socket: frames that belong together leave in one write.

import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import type { Connection } from '../src/signalling/connection.js';
import { Counts } from '../src/signalling/counts.js';
import { Outbox } from '../src/signalling/outbox.js';

/** A connection whose socket writes each frame to a stream as `ws` does: header and payload by themselves. */
function connection() {
  const writes: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      writes.push(String(chunk));
      done();
    },
    writev(chunks, done) {
      writes.push(chunks.map(({ chunk }) => String(chunk)).join(''));
      done();
    },
  });
  const socket = { bufferedAmount: 0, send: (text: string) => stream.write(`${text}\n`) };
  const made: Connection = {
    id: 1,
    socket: socket as unknown as WebSocket,
    stream,
    address: { key: '', connections: 1, bucket: null },
    bucket: null,
    phase: 'open',
    unansweredPings: 0,
    strikes: 0,
  };
  return { made, writes, stream };
}

test('what one read has asked for is answered in one write, and later frames are not held', async () => {
  const { made, writes, stream } = connection();
  const outbox = new Outbox(new Map([[1, made]]), new Counts());
  outbox.gather(made);
  outbox.send(made, { type: 'ok', re: 1 });
  outbox.gather(made);
  outbox.send(made, { type: 'ok', re: 2 });
  expect(writes).toEqual([]);
  await turn();
  expect(writes).toEqual(['{"type":"ok","re":1}\n{"type":"ok","re":2}\n']);
  expect(stream.writableCorked).toBe(0);
  outbox.send(made, { type: 'ok', re: 3 });
  expect(writes).toHaveLength(2);
});
