import type { Command } from 'commander';
import { playDemo } from '../demo/play-demo.ts';
import type { Host } from '../host.ts';
import { type StackName, stackOption } from '../stack/fleet-stack.ts';
import { jsonOption, wholeNumber } from './command-options.ts';

interface DemoFlags {
  readonly stack: StackName;
  readonly students: number;
  readonly keep?: true;
  readonly stay?: true;
  readonly json?: true;
}

export function addDemo(program: Command, host: Host): void {
  program
    .command('demo')
    .summary('see it work: three school districts, three nights, grades both ways')
    .description(
      'Starts a whole fleet in a temporary home and simulated vendors, and syncs two school districts through three nights: all new, a few changes, none. A third district has several systems: rosters come from each, grades go both ways with one, and a conflict is decided. What the reports say is checked against what was edited. Afterwards nothing is left running or lying about.',
    )
    .option('--students <n>', 'the size of the largest district', wholeNumber(30, 100_000), 300)
    .option('--keep', 'keep the temporary home and say where it is')
    .option('--stay', 'go on until Ctrl-C: a bad morning to mend, and a link to the dashboard')
    .addOption(stackOption())
    .addOption(jsonOption())
    .action((flags: DemoFlags) => playDemo(host, flags));
}
