// An object whose fields are replaced only where they differ, so that views can compare by identity.

/** The object with some fields replaced: the very same one when no field differs. Where there is none, all are needed. */
export function replaced<T extends object>(object: T, patch: Partial<T>): T;
export function replaced<T extends object>(object: T | undefined, patch: T): T;
export function replaced<T extends object>(object: T | undefined, patch: T): T {
  const keys = Object.keys(patch) as (keyof T)[];
  return object && keys.every((key) => Object.is(object[key], patch[key])) ? object : { ...object, ...patch };
}
