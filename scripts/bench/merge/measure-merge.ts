import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Host } from '../../../packages/cli/src/host.ts';
import type { Contender, ContenderRun } from './run-contender.ts';

export interface MergeBenchOptions {
  /** Of the set that all contenders merge; `mergeSet` merges one of ten times the size as well. */
  readonly records: number;
  readonly rounds: number;
  readonly seed: number;
}

/** A contender at one size, in all rounds. */
export interface ContenderMeasurement {
  readonly contender: Contender;
  readonly records: number;
  readonly conflicts: number;
  readonly runs: readonly ContenderRun[];
}

const script = join(import.meta.dirname, '..', '..', 'bench.ts');

/** Every run is a process of its own, so that none finds another's garbage or compiled code; the contenders take turns. */
export async function measureMerge(host: Host, options: MergeBenchOptions): Promise<ContenderMeasurement[]> {
  const { records, rounds } = options;
  const plan = [
    { contender: 'mergeRecord', records },
    { contender: 'trimerge', records },
    { contender: 'mergeSet', records },
    { contender: 'mergeSet', records: records * 10 },
  ] as const;
  const runs = plan.map((): ContenderRun[] => []);
  for (let round = 1; round <= rounds; round++) {
    host.terminal.note(`Round ${round} of ${rounds} ...`);
    for (const [index, { contender, records: size }] of plan.entries()) {
      runs[index]?.push(await runAlone(host, contender, size, options.seed));
    }
  }
  return plan.map((each, index) => ({
    ...each,
    conflicts: runs[index]?.[0]?.conflicts ?? 0,
    runs: runs[index] ?? [],
  }));
}

async function runAlone(
  host: Host,
  contender: Contender,
  records: number,
  seed: number,
): Promise<ContenderRun> {
  const { stdout } = await promisify(execFile)(
    host.node,
    [
      '--expose-gc',
      // Far below the 512 MiB that the whole process may take: V8 would let garbage lie as long as it has room.
      '--max-old-space-size=256',
      script,
      'merge',
      `--contender=${contender}`,
      `--records=${records}`,
      `--seed=${seed}`,
    ],
    { signal: host.interrupted },
  );
  return JSON.parse(stdout);
}
