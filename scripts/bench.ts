import { openHostProcess } from '../packages/cli/src/host.ts';

/**
 * Benchmarks, never tests: `npm run bench` tells what a sync costs, `npm run bench -- merge` what the merge does,
 * `npm run bench -- start` how long a service takes to its first answer.
 */
const { args, host, exit } = openHostProcess();
try {
  host.terminal.print(await bench(args));
  await exit(0);
} catch (thrown) {
  host.terminal.note(host.interrupted.aborted ? 'Interrupted; everything is stopped.' : String(thrown));
  await exit(1);
}

/** Each is loaded when it is asked for, so that neither's modules are in the other's memory. */
async function bench([name, ...rest]: readonly string[]): Promise<string> {
  if (name === 'merge') return (await import('./bench/merge/bench-merge.ts')).benchMerge(host, rest);
  if (name === 'start') return (await import('./bench/bench-start.ts')).benchStart(host, rest);
  return (await import('./bench/bench-sync.ts')).benchSync(host, args);
}
