// How the text of a setting becomes a value: one schema for each kind of value, and which field it fills.

import { isIP } from 'node:net';
import * as v from 'valibot';
import { isProxySource } from '../http/trusted-proxies.js';
import { Secret } from '../secret.js';
import type { ServerConfig } from './server-config.js';

/** The part of a setting that says which field it fills and how. */
export interface Target {
  readonly key: keyof ServerConfig;
  /** Turns the given texts into a part of the configuration, or null when they are not acceptable. */
  readonly apply: (given: readonly string[]) => Partial<ServerConfig> | null;
  /** The texts that give the field the value that it has; a secret is hidden. */
  readonly show: (config: ServerConfig) => readonly string[];
}

/** A field filled by one text; the last one given wins. */
export function one<K extends keyof ServerConfig>(
  key: K,
  schema: v.GenericSchema<string, ServerConfig[K]>,
  show: (value: ServerConfig[K]) => string = String,
): Target {
  return {
    key,
    apply(given) {
      const result = v.safeParse(schema, given.at(-1));
      return result.success ? { [key]: result.output } : null;
    },
    show: (config) => [show(config[key])],
  };
}

type ListKey = {
  [K in keyof ServerConfig]: ServerConfig[K] extends readonly string[] ? K : never;
}[keyof ServerConfig];

/** A field filled by all texts given, at most so many. */
export function many<K extends ListKey>(
  key: K,
  item: v.GenericSchema<string, string>,
  max = Number.POSITIVE_INFINITY,
): Target {
  return {
    key,
    apply(given) {
      const result = v.safeParse(v.pipe(v.array(item), v.maxLength(max)), given);
      return result.success ? { [key]: result.output } : null;
    },
    show: (config) => config[key],
  };
}

export const whole = (min: number, max: number) =>
  v.pipe(v.string(), v.regex(/^\d{1,10}$/), v.transform(Number), v.minValue(min), v.maxValue(max));
/** The same for a field that may be left open. */
export const nullableWhole = (min: number, max: number) =>
  v.pipe(
    whole(min, max),
    v.transform((value): number | null => value),
  );
/** How a field in bit/s is given: in kbit/s. */
export const inKilobits = (bits: number): string => String(bits / 1_000);
export const kilobits = (min: number, max: number) =>
  v.pipe(
    whole(min, max),
    v.transform((value) => value * 1_000),
  );
/** How a field in milliseconds is given: in seconds. */
export const inSeconds = (ms: number): string => String(ms / 1_000);
export const seconds = (min: number, max: number) =>
  v.pipe(
    whole(min, max),
    v.transform((value) => value * 1_000),
  );
export const text = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(4_096));
export const nullableText = v.pipe(
  text,
  v.transform((value): string | null => value),
);
// As long as the credentials of an ICE server may be in the protocol.
export const userName = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1),
  v.maxLength(512),
  v.transform((value): string | null => value),
);
export const secretText = (min: number) =>
  v.pipe(
    v.string(),
    v.trim(),
    v.minLength(min),
    v.maxLength(512),
    v.transform((value): Secret | null => new Secret(value)),
  );
export const flagText = v.pipe(
  v.picklist(['true', 'false', '1', '0']),
  v.transform((value) => value === 'true' || value === '1'),
);
export const origin = v.pipe(
  v.string(),
  v.check((value) => value === '*' || isOrigin(value)),
);
export const webOrigin = v.pipe(
  v.string(),
  v.transform((value) => value.replace(/\/$/, '')),
  v.check((value) => /^https?:/.test(value) && isOrigin(value)),
  v.transform((value): string | null => value),
);
// A name or address with a port; an IPv6 address stands in brackets.
export const hostAndPort = v.pipe(
  v.string(),
  v.maxLength(260),
  v.regex(/^(\[[0-9a-fA-F:.]+\]|[^\s:/?#[\]]+):\d{1,5}$/),
  v.check((value) => Number(/\d+$/.exec(value)?.[0]) <= 65_535),
  v.transform((value): string | null => value),
);
// As long as the URL of an ICE server may be in the protocol.
export const url = (pattern: RegExp) => v.pipe(v.string(), v.maxLength(500), v.regex(pattern));
// A CSP source list is one header: nothing that could end the directive or the line.
export const cspSource = v.pipe(v.string(), v.maxLength(256), v.regex(/^[^\s;,]+$/));

function isOrigin(value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value;
}

export const ipAddress = v.pipe(
  v.string(),
  v.check((value) => isIP(value) !== 0),
  v.transform((value): string | null => value),
);
// An IP address, or a name (RFC 1123, section 2.1): `stun` and `local` are such, too.
export const hostName = v.pipe(
  v.string(),
  v.maxLength(253),
  v.check((value) => isIP(value) !== 0 || /^(?!-)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/.test(value)),
);

export const proxySource = v.pipe(v.string(), v.check(isProxySource));
