// Where the project lies, and how its files are found.
// @ts-check
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** @param {string} path relative to the project's folder @param {string} [root] */
export const inRoot = (path, root = ROOT) => join(root, path);

/**
 * Every file below a folder, or the path itself where it is a file; relative to the project's folder, in stable order.
 * @param {string} path relative to the project's folder
 * @param {ReadonlySet<string>} [skip] names of folders to leave out
 * @param {string} [root]
 * @returns {string[]}
 */
export function filesBelow(path, skip = new Set(), root = ROOT) {
  if (!existsSync(inRoot(path, root))) return [];
  try {
    return readdirSync(inRoot(path, root), { withFileTypes: true })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .filter((entry) => !skip.has(entry.name))
      .flatMap((entry) => {
        const child = `${path}/${entry.name}`;
        return entry.isDirectory() ? filesBelow(child, skip, root) : [child];
      });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return [path];
    throw error;
  }
}
