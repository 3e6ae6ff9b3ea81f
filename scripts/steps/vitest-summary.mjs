// Reads what Vitest's JSON reporter wrote and counts what passed and failed.
// @ts-check
import { readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */

/**
 * Counts tests. A file that could not even be loaded, and an error outside of any test, each count as a failure: a run
 * that did not succeed never counts none.
 * @param {string} reportPath @param {number} status Vitest's exit status
 * @returns {Count}
 */
export function countTests(reportPath, status) {
  const report = readReport(reportPath);
  const files = report?.testResults ?? [];
  const unloaded = files.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  const failed = (report?.numFailedTests ?? 0) + unloaded.length;
  return {
    passed: report?.numPassedTests ?? 0,
    failed: status === 0 ? failed : Math.max(failed, 1),
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  };
}

/**
 * @typedef {object} Report
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} [numPendingTests]
 * @property {number} [numTodoTests]
 * @property {{ status: string, assertionResults: unknown[] }[]} testResults
 */

/** @param {string} path @returns {Report | null} */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    console.error(
      `Vitest left no report that can be read: ${error instanceof Error ? error.message : error}`,
    );
    return null;
  }
}
