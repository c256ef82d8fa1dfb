import { existsSync, readFileSync } from 'node:fs';

/**
 * Prints `N passed, N failed` from the report that vitest's JSON reporter left at the given path. A test file that could not even be
 * loaded counts as one failure, and so does a run that left no report.
 */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

const path = process.argv[2] ?? '';
if (existsSync(path)) {
  const report = JSON.parse(readFileSync(path, 'utf8')) as Report;
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const failed = report.numFailedTests + unloaded.length;
  if (report.numPendingTests > 0)
    console.log(`${report.numPendingTests} skipped, each with its reason above`);
  console.log(`${report.numPassedTests} passed, ${failed} failed`);
  process.exitCode = failed === 0 && report.numPassedTests > 0 ? 0 : 1;
} else {
  console.log('The tests ended without a report.');
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
