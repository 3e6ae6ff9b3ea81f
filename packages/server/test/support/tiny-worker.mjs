// A worker's process that has no SFU: it says yes to every offer, or does what the offer says.
// @ts-check

/** @type {Record<string, () => string>} */
const ORDERS = {
  crash: () => process.exit(7),
  hang: () => {
    for (;;) Date.now();
  },
  environment: () => Object.entries(process.env).join(' '),
  pid: () => String(process.pid),
};

process.on('message', (/** @type {any} */ message) => {
  if (message.type === 'start') process.send?.({ type: 'ready', port: 40_000 });
  else if (message.type === 'ping') process.send?.({ type: 'pong', figures: {} });
  else if (message.type === 'stop') process.exit(0);
  else if (message.type === 'open') {
    const answer = ORDERS[message.offer]?.() ?? 'AAAA';
    process.send?.({ type: 'opened', request: message.request, result: { ok: true, answer } });
  }
});
process.on('disconnect', () => process.exit(0));
