// A union of strict objects told apart by one key: finds the schema by a look-up instead of trying one after another.

import type * as v from 'valibot';

/** The schema of a tag: its values, mostly one. */
type Tag = { readonly options: readonly string[] };

/** An object schema that has its tag under the key `K`. */
export type TaggedSchema<K extends string> = v.GenericSchema & {
  readonly entries: { readonly [key in K]: Tag };
};

/** The schemas of a union under their tags. */
export interface Tagged<S extends v.GenericSchema> {
  readonly key: string;
  readonly schemas: ReadonlyMap<unknown, S>;
}

/** Makes the look-up of a union from its members. */
// @__NO_SIDE_EFFECTS__
export function tagged<K extends string, S extends TaggedSchema<K>>(
  key: K,
  members: readonly S[],
): Tagged<S> {
  const schemas = new Map<unknown, S>();
  for (const schema of members) {
    for (const value of schema.entries[key].options) schemas.set(value, schema);
  }
  return { key, schemas };
}
