// A TURN allocation as a browser makes it (RFC 8656, section 7): challenge, credentials, relayed address, and its end.

import { NetworkFailure } from '../network-failure.js';
import { errorCode, type TransportAddress, textAttribute, xorAddress } from './attributes.js';
import { hasIntegrity, longTermKey, sealMessage } from './integrity.js';
import {
  ATTRIBUTE,
  type Attribute,
  attribute,
  METHOD,
  newTransactionId,
  type ReceivedMessage,
} from './message.js';
import type { StunSocket } from './stun-socket.js';

export interface TurnLogin {
  readonly username: string;
  readonly credential: string;
}

/** Attributes of a request with this transaction id, which XOR-ed addresses depend on. */
export type AttributesFor = (transactionId: Buffer) => readonly Attribute[];

export interface Allocation {
  /** The address at which the relay receives for us. */
  readonly relayed: TransportAddress;
  readonly mapped: TransportAddress | null;
  readonly lifetimeS: number;
  readonly software: string | null;
  /** True when the server gave it to someone who had not shown any credentials: an open relay. */
  readonly open: boolean;
  /** A request within the allocation, with its credentials. Rejects with a `NetworkFailure`. */
  ask(method: number, attributes: AttributesFor): Promise<ReceivedMessage>;
  /** Gives it back: Refresh with a lifetime of zero (section 8.1). */
  release(): Promise<void>;
}

/** 17, the number of UDP: the only transport that browsers ask a relay for. */
const UDP = Buffer.from([17, 0, 0, 0]);
const UNAUTHENTICATED = 401;
const STALE_NONCE = 438;

/** Makes an allocation. Rejects with a `NetworkFailure`: `error-response` with status 401 means wrong credentials. */
export async function allocate(socket: StunSocket, login: TurnLogin): Promise<Allocation> {
  const asked = () => [{ type: ATTRIBUTE.requestedTransport, value: UDP }];
  const session = new Session(socket, login);
  const challenge = await session.ask(METHOD.allocate, asked, false);
  const open = challenge.class === 'success';
  if (!open && errorCode(challenge)?.code !== UNAUTHENTICATED) throw refusal(challenge);
  const response = open ? challenge : await session.askSigned(METHOD.allocate, asked, challenge);
  const relayed = xorAddress(response, ATTRIBUTE.xorRelayedAddress);
  if (!relayed) throw new NetworkFailure('not-stun', 'the answer names no relayed address');
  return {
    relayed,
    mapped: xorAddress(response, ATTRIBUTE.xorMappedAddress),
    lifetimeS: lifetimeOf(response),
    software: textAttribute(response, ATTRIBUTE.software),
    open,
    ask: (method, attributes) => session.askSigned(method, attributes, null),
    async release() {
      const lifetime = { type: ATTRIBUTE.lifetime, value: Buffer.alloc(4) };
      await session.askSigned(METHOD.refresh, () => [lifetime], null);
    },
  };
}

/** The credentials of one allocation: realm and nonce come with the challenge (RFC 8489, section 9.2). */
class Session {
  #realm: Buffer | null = null;
  #nonce: Buffer | null = null;

  constructor(
    private readonly socket: StunSocket,
    private readonly login: TurnLogin,
  ) {}

  /** Asks with the credentials, once more where the nonce has run out; `challenge` is what asked for them. */
  async askSigned(
    method: number,
    attributes: AttributesFor,
    challenge: ReceivedMessage | null,
  ): Promise<ReceivedMessage> {
    if (challenge) this.#take(challenge);
    let response = await this.ask(method, attributes, true);
    if (errorCode(response)?.code === STALE_NONCE) {
      this.#take(response);
      response = await this.ask(method, attributes, true);
    }
    if (response.class === 'error') throw refusal(response);
    const key = this.#key();
    // Who knows the password signs the answer: without that, somebody else has given it.
    if (key && !hasIntegrity(response, key)) {
      throw new NetworkFailure('bad-integrity', 'the answer is not signed with the password');
    }
    return response;
  }

  ask(method: number, attributes: AttributesFor, signed: boolean): Promise<ReceivedMessage> {
    const key = signed ? this.#key() : null;
    const transactionId = newTransactionId();
    const message = {
      method,
      class: 'request',
      transactionId,
      attributes: [...attributes(transactionId), ...(key ? this.#credentials() : [])],
    } as const;
    return this.socket.exchange(sealMessage(message, key));
  }

  #take(challenge: ReceivedMessage): void {
    this.#realm = attribute(challenge, ATTRIBUTE.realm) ?? this.#realm;
    this.#nonce = attribute(challenge, ATTRIBUTE.nonce) ?? this.#nonce;
  }

  #credentials(): Attribute[] {
    return [
      { type: ATTRIBUTE.username, value: Buffer.from(this.login.username) },
      { type: ATTRIBUTE.realm, value: this.#realm ?? Buffer.alloc(0) },
      { type: ATTRIBUTE.nonce, value: this.#nonce ?? Buffer.alloc(0) },
    ];
  }

  #key(): Buffer | null {
    if (!this.#realm) return null;
    return longTermKey(this.login.username, this.#realm.toString('utf8'), this.login.credential);
  }
}

function lifetimeOf(response: ReceivedMessage): number {
  const value = attribute(response, ATTRIBUTE.lifetime);
  return value?.length === 4 ? value.readUInt32BE(0) : 0;
}

function refusal(response: ReceivedMessage): NetworkFailure {
  const error = errorCode(response);
  if (!error) return new NetworkFailure('not-stun', 'the answer is neither a success nor an error');
  return new NetworkFailure('error-response', error.reason, { status: error.code });
}
