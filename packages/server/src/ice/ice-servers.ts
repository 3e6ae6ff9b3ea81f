// The ICE servers that a client is told to use: what is configured, and nothing else.

import type { IceServer } from '@maru/protocol';
import type { Secret } from '../secret.js';
import { turnCredentials } from './turn-credentials.js';

export interface IceConfig {
  /** `stun:` and `stuns:` URLs (RFC 7064). */
  readonly stun: readonly string[];
  /** `turn:` and `turns:` URLs (RFC 7065). */
  readonly turn: readonly string[];
  /** The secret shared with the TURN server; wins over fixed credentials. */
  readonly turnSecret: Secret | null;
  readonly turnUsername: string | null;
  readonly turnCredential: Secret | null;
  /** How long credentials made from the secret are good for, in seconds. */
  readonly turnTtlS: number;
}

/** The list for one user (RTCIceServer, W3C webrtc-pc, section 4.2.2). `unixTimeMs` is now. */
export function iceServersFor(config: IceConfig, user: string, unixTimeMs: number): IceServer[] {
  const servers: IceServer[] = [];
  if (config.stun.length > 0) servers.push({ urls: [...config.stun] });
  if (config.turn.length > 0)
    servers.push({ urls: [...config.turn], ...credentials(config, user, unixTimeMs) });
  return servers;
}

function credentials(config: IceConfig, user: string, unixTimeMs: number) {
  if (config.turnSecret) {
    return turnCredentials(config.turnSecret, user, Math.floor(unixTimeMs / 1_000) + config.turnTtlS);
  }
  if (config.turnUsername !== null && config.turnCredential !== null) {
    return { username: config.turnUsername, credential: config.turnCredential.reveal() };
  }
  return {};
}
