// The lock file: whole enough for `npm ci` on every platform, and free of the registry that it was made with.

import { expect, test } from 'vitest';
import { readProjectFile } from './support/project.js';

interface LockedPackage {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly hasInstallScript?: boolean;
  readonly optional?: boolean;
}

const lock: { readonly packages: Readonly<Record<string, LockedPackage>> } = JSON.parse(
  readProjectFile('package-lock.json'),
);
const packages = Object.entries(lock.packages);

test('it names each optional package, those of other platforms too', () => {
  // npm leaves out what it could not find when the lock was made, and then refuses to install from it.
  const missing = packages.flatMap(([, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !(`node_modules/${name}` in lock.packages)),
  );
  expect(missing).toEqual([]);
});

test('nothing runs a script when it is installed', () => {
  const scripted = packages.filter(([, entry]) => entry.hasInstallScript && !entry.optional);
  expect(scripted.map(([path]) => path)).toEqual([]);
});

test('it names no registry', () => {
  const named = packages.filter(
    ([, { resolved, link }]) =>
      resolved !== undefined && !link && !resolved.startsWith('https://registry.npmjs.org/'),
  );
  expect(named.map(([path]) => path)).toEqual([]);
});
