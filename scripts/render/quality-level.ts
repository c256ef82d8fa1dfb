import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How much of a vendor's service is proven, lowest first; each has what those before it have. */
export const qualityLevels = ['sketch', 'proven', 'faithful'] as const;
export type QualityLevel = (typeof qualityLevels)[number];

export const levelMeanings: Readonly<Record<QualityLevel, string>> = {
  sketch: 'The description loads. What is proven is in its tests.',
  proven:
    'It passes the whole conformance suite (`describeVendor`, all topics) against its own simulator, so it is as good as that simulator is true.',
  faithful:
    "Besides, tests hold the simulator's answers against the vendor's own published schema, so the simulator is as true as that schema.",
};

/** Reads the folder's tests and fixtures: `home` is the service's folder. */
export function readQualityLevel(home: string): QualityLevel {
  const tests = globSync('src/**/*.test.ts', { cwd: home }).map((path) =>
    readFileSync(join(home, path), 'utf8'),
  );
  if (!tests.some(provesEverything)) return 'sketch';
  const hasSchema = globSync('fixtures/**/*schema*.json', { cwd: home }).length > 0;
  return hasSchema && tests.some((text) => /from 'ajv(\/|')/.test(text)) ? 'faithful' : 'proven';
}

/** Pure. Whether a test calls `describeVendor` without choosing among its topics. */
export function provesEverything(text: string): boolean {
  return text
    .split(/\bdescribeVendor\(/)
    .slice(1)
    .some((after) => !/\btopics\b/.test(argumentsIn(after)));
}

/** What stands before the parenthesis that ends the call. */
function argumentsIn(after: string): string {
  let open = 1;
  for (const { 0: sign, index } of after.matchAll(/[()]/g)) {
    open += sign === '(' ? 1 : -1;
    if (open === 0) return after.slice(0, index);
  }
  return after;
}
