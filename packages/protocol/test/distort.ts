// Ways to spoil a valid message in one place, each of which its schema must notice.

import fc, { type Arbitrary } from 'fast-check';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Path = readonly (string | number)[];

/** The places of a value, its root first, each as a path with what is there. */
function places(value: Json, path: Path = []): readonly { path: Path; value: Json }[] {
  if (typeof value !== 'object' || value === null) return [{ path, value }];
  const children = Object.entries(value).flatMap(([key, child]: [string, Json]) =>
    places(child, [...path, key]),
  );
  return [{ path, value }, ...children];
}

function replaceAt(value: Json, path: Path, replace: (at: Json) => Json | undefined): Json {
  const [key, ...rest] = path;
  if (key === undefined) return replace(value) ?? null;
  if (Array.isArray(value)) {
    return value.map((item: Json, index) => (String(index) === key ? replaceAt(item, rest, replace) : item));
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([name, child]: [string, Json]): [string, Json][] => {
    if (name !== key) return [[name, child]];
    if (rest.length > 0) return [[name, replaceAt(child, rest, replace)]];
    const replaced = replace(child);
    return replaced === undefined ? [] : [[name, replaced]];
  });
  return Object.fromEntries(entries);
}

const isObject = (value: Json) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys that nobody expects, and some that every object seems to have. */
const strangeKeys = ['from', 'self', 'extra', '', 'constructor', 'toString', 'hasOwnProperty', 'length'];

/** The message with one key more, in any of its objects. */
export function withStrangeKey(message: unknown): Arbitrary<Json> {
  const json = toJson(message);
  return fc
    .tuple(
      fc.constantFrom(...places(json).filter(({ value }) => isObject(value))),
      fc.constantFrom(...strangeKeys),
      fc.jsonValue(),
    )
    .filter(([{ value }, key]) => !Object.keys(value ?? {}).includes(key))
    .map(([{ path }, key, extra]) => replaceAt(json, path, (at) => ({ ...Object(at), [key]: extra })));
}

/** The message with one of its keys taken away; `optional` names those that may go. */
export function withoutKey(message: unknown, optional: readonly string[]): Arbitrary<Json> {
  const json = toJson(message);
  const keyed = places(json).filter(({ path }) => {
    const key = path.at(-1);
    return key !== undefined && !/^\d+$/.test(String(key)) && !optional.includes(String(key));
  });
  return fc.constantFrom(...keyed).map(({ path }) => replaceAt(json, path, () => undefined));
}

/** The message with one value replaced by one of a type that the schema has nowhere in that place. */
export function withWrongType(message: unknown): Arbitrary<Json> {
  const json = toJson(message);
  return fc.constantFrom(...places(json)).map(({ path }) => replaceAt(json, path, otherType));
}

function otherType(value: Json): Json {
  if (typeof value === 'string') return { text: value };
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === null) return false;
  return Array.isArray(value) ? { length: value.length } : JSON.stringify(value);
}

function toJson(message: unknown): Json {
  return JSON.parse(JSON.stringify(message));
}
