import { parseArgs } from 'node:util';
import type { Host } from '../../packages/cli/src/host.ts';
import { measureDistrict } from './measure-district.ts';
import { measureSteps } from './measure-steps.ts';
import { measureWarehouse } from './measure-warehouse.ts';
import { type Bench, renderBench } from './render-bench.ts';

/**
 * What a sync costs: a benchmark, never a test. A district of N students and one of 2N, each with a provider and a fleet of its own.
 * What the numbers mean, and what they were: docs/performance.md.
 */
const usage = `npm run bench -- [--students N] [--no-double] [--json]
  --students N   the size of the district (default 2000: under a minute; 20000 is the promise, about five)
  --no-double    leave out the district of twice the size
  --json         the measurements as JSON`;

/** Answers what is to be printed. */
export async function benchSync(host: Host, args: readonly string[]): Promise<string> {
  const { students, isDoubled, isJson } = readOptions(args);
  const sizes = isDoubled ? [students, students * 2] : [students];
  const districts = [];
  for (const size of sizes) {
    host.terminal.note(`Syncing a district of ${size} students twice ...`);
    districts.push(await measureDistrict(host, size));
  }
  host.terminal.note('Measuring the warehouse, and the steps of a record ...');
  const warehouseRowsPerSecond = await measureWarehouse(host.clock);
  const bench: Bench = { districts, warehouseRowsPerSecond, steps: measureSteps() };
  return isJson ? JSON.stringify(bench, null, 2) : renderBench(bench, host.terminal.colors);
}

function readOptions(args: readonly string[]): {
  readonly students: number;
  readonly isDoubled: boolean;
  readonly isJson: boolean;
} {
  const { values } = parseArgs({
    args: [...args],
    options: {
      students: { type: 'string', default: '2000' },
      double: { type: 'boolean', default: true },
      json: { type: 'boolean', default: false },
    },
    allowNegative: true,
  });
  const students = Number(values.students);
  if (!Number.isSafeInteger(students) || students < 1)
    throw new Error(`--students must be a whole number from 1.\n${usage}`);
  return { students, isDoubled: values.double, isJson: values.json };
}
