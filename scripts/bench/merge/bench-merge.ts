import { parseArgs } from 'node:util';
import type { Host } from '../../../packages/cli/src/host.ts';
import { blockSize } from './generate-sections.ts';
import { measureMerge } from './measure-merge.ts';
import { renderMergeBench } from './render-merge-bench.ts';
import { contenders, runContender } from './run-contender.ts';

/**
 * What the merge costs: `mergeRecord` over parsed records beside trimerge over the same ones, `mergeSet` over stored texts, and all beside
 * a plain `JSON.parse` of the inputs. What the numbers mean, and what they were: docs/performance.md.
 */
const usage = `npm run bench -- merge [--records N] [--rounds N] [--seed N] [--json]
  --records N   the size of the sets, in thousands (default 100000); mergeSet takes ten times as many as well
  --rounds N    how often each contender runs, in turns; medians are shown (default 3)
  --seed N      equal seeds give equal records (default 1)
  --json        the measurements as JSON`;

/** Answers what is to be printed. */
export async function benchMerge(host: Host, args: readonly string[]): Promise<string> {
  const { contender, records, rounds, seed, isJson } = readOptions(args);
  if (contender !== undefined) return JSON.stringify(runContender(contender, records, seed));
  const measurements = await measureMerge(host, { records, rounds, seed });
  return isJson
    ? JSON.stringify(measurements, null, 2)
    : renderMergeBench(measurements, host.terminal.colors);
}

function readOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      records: { type: 'string', default: '100000' },
      rounds: { type: 'string', default: '3' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      // How the benchmark starts itself: this one alone, in this process.
      contender: { type: 'string' },
    },
  });
  const contender = contenders.find((name) => name === values.contender);
  if (values.contender !== undefined && contender === undefined)
    throw new Error(`--contender must be one of ${contenders.join(', ')}.\n${usage}`);
  const records = readWhole('records', values.records);
  if (records % blockSize !== 0) throw new Error(`--records must be a multiple of ${blockSize}.\n${usage}`);
  return {
    contender,
    records,
    rounds: readWhole('rounds', values.rounds),
    seed: readWhole('seed', values.seed),
    isJson: values.json,
  };
}

function readWhole(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new Error(`--${name} must be a whole number from 1.\n${usage}`);
}
