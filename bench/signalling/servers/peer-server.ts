// The PeerJS server as its package starts it; only its limits are lifted, so that none of them is measured.

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { requirePeer } from '../../peers.js';
import { serve } from '../serve.js';

interface PeerPackage {
  PeerServer(options: object, listening: (server: Server) => void): unknown;
}

await serve(
  () =>
    new Promise((resolve) => {
      const { PeerServer } = requirePeer('peer') as PeerPackage;
      PeerServer(
        { host: '127.0.0.1', port: 0, path: '/', alive_timeout: 600_000, concurrent_limit: 100_000 },
        (server) => resolve((server.address() as AddressInfo).port),
      );
    }),
);
