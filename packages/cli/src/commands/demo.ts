import type { Command } from 'commander';
import { playDemo } from '../demo/play-demo.ts';
import type { Host } from '../host.ts';
import { jsonOption, wholeNumber } from './command-options.ts';

interface DemoFlags {
  readonly students: number;
  readonly keep?: true;
  readonly json?: true;
}

export function addDemo(program: Command, host: Host): void {
  program
    .command('demo')
    .summary('see it work: two school districts, three nights')
    .description(
      'Starts a whole fleet in a temporary home and two simulated OneRoster providers, connects two school districts, and syncs them through three nights: all new, a few changes, none. What the reports say is checked against what was edited. Afterwards nothing is left running or lying about.',
    )
    .option('--students <n>', 'the size of the larger district', wholeNumber(30, 100_000), 300)
    .option('--keep', 'keep the temporary home and say where it is')
    .addOption(jsonOption())
    .action((flags: DemoFlags) => playDemo(host, flags));
}
