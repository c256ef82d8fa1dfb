import { isTest } from './house-rules.ts';

/** The most lines that a vendor's own code may have: what is above is for the kit, so that the next vendor has it too. */
export const mostLines = 700;

interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Pure. What to tell of each vendor whose own code is too long, a sentence each. A vendor is a service with a `src/vendor.ts`; its own code is its
 * `src` without its simulator and tests, and of that the lines that are neither blank nor comment: comments carry the vendor's facts.
 */
export function oversizedVendors(files: readonly SourceFile[]): readonly string[] {
  const linesByVendor = new Map<string, number>();
  const vendors = new Set(
    files.flatMap(({ path }) => /^services\/([^/]+)\/src\/vendor\.ts$/.exec(path)?.[1] ?? []),
  );
  for (const { path, text } of files) {
    const [, vendor, within = ''] = /^services\/([^/]+)\/src\/(.+\.ts)$/.exec(path) ?? [];
    if (vendor === undefined || !vendors.has(vendor) || isTest(path) || /^simulator\b/.test(within)) continue;
    linesByVendor.set(vendor, (linesByVendor.get(vendor) ?? 0) + countCode(text));
  }
  return [...linesByVendor]
    .filter(([, lines]) => lines > mostLines)
    .map(
      ([vendor, lines]) =>
        `services/${vendor}: ${lines} lines of its own, and ${mostLines} are allowed (without blanks, comments, simulator and tests). ` +
        'Describe its records by tables (recordShape), and move what a second vendor would need to packages/substrate/src/vendor.',
    );
}

/** Pure. How many lines are neither blank nor comment. */
export function countCode(text: string): number {
  let code = 0;
  let isComment = false;
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (isComment || line.startsWith('/*')) isComment = !line.includes('*/');
    else if (line !== '' && !line.startsWith('//')) code += 1;
  }
  return code;
}
