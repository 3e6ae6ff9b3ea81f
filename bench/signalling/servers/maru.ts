// Our server as it ships; only its limits are lifted, so that none of them is measured.

import { Secret, startServer } from '@maru/server';
import { serve } from '../serve.js';

await serve(async () => {
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    messageRate: 0,
    addressMessageRate: 0,
    maxConnections: 100_000,
    maxConnectionsPerAddress: 0,
    maxRooms: 100_000,
    // What is measured is signalling: nobody sends media, and the machine has two cores.
    sfuWorkers: 0,
    // Given, so that nothing is written to disk.
    secret: new Secret('a secret of a bench, kept by nobody'),
    logLevel: 'warn',
  });
  return server.port;
});
