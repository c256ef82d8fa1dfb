import type { Command } from 'commander';
import type { Fleet } from '../fleet/connect-fleet.ts';
import type { Host } from '../host.ts';
import { HeldRunAnswer, RunAnswer } from '../rpc/answers.ts';
import { customerOption, type FleetFlags, homeOption, jsonOption } from './command-options.ts';
import { findRun, runArgument } from './find-run.ts';
import { commandOn, openFleet } from './open-fleet.ts';

interface DecideFlags extends FleetFlags {
  readonly customer?: string;
  readonly heldSince?: string;
  readonly reason?: string;
}

const heldSinceOption = [
  '--held-since <moment>',
  'decide only on what was seen: as `held` prints it. Where the run is held anew since, nothing is decided. Default: however it is held now',
] as const;

export function addApprove(program: Command, host: Host): void {
  program
    .command('approve')
    .summary('let a held run go on')
    .description(
      'Lets a held run go on, with no more than it was held for; should it be more by then, it is held again. `held` shows what it would change.',
    )
    .argument(...runArgument)
    .addOption(customerOption())
    .option(...heldSinceOption)
    .option('--reason <text>', 'why, for those who read it later')
    .addOption(homeOption())
    .addOption(jsonOption())
    .action((run: string, flags: DecideFlags) => decide(host, 'approve', run, flags));
}

export function addReject(program: Command, host: Host): void {
  program
    .command('reject')
    .summary('end a held run')
    .description('Ends a held run. Nothing of it is applied, and the next run looks anew.')
    .argument(...runArgument)
    .addOption(customerOption())
    .option(...heldSinceOption)
    .requiredOption('--reason <text>', 'why, for those who read it later')
    .addOption(homeOption())
    .addOption(jsonOption())
    .action((run: string, flags: DecideFlags) => decide(host, 'reject', run, flags));
}

async function decide(
  host: Host,
  verdict: 'approve' | 'reject',
  beginning: string,
  flags: DecideFlags,
): Promise<void> {
  const { terminal } = host;
  const fleet = openFleet(host, flags);
  const { customerId, runId } = await findRun(fleet, beginning, flags, 'held');
  const { reason, heldSince = await readHeldSince(fleet, { customerId, runId }) } = flags;
  const run = await fleet.control.call(
    `runs.${verdict}.v1`,
    {
      customerId,
      runId,
      ...(heldSince === null ? {} : { heldSince }),
      ...(reason === undefined ? {} : { reason }),
    },
    RunAnswer,
  );
  if (flags.json) {
    terminal.print(JSON.stringify(run, null, 2));
    return;
  }
  const which = `run ${runId} of ${run.customerId} / ${run.integrationId}`;
  terminal.print(
    verdict === 'approve'
      ? `Approved: ${which} goes on.`
      : `Rejected: ${which} has ended, with nothing changed.`,
  );
  if (verdict === 'approve')
    terminal.note(`Its report, also while it runs: ${commandOn(flags, 'report', runId)}`);
}

async function readHeldSince(
  { control }: Fleet,
  run: { readonly customerId: string; readonly runId: string },
): Promise<string | null> {
  return (await control.call('runs.get.v1', { ...run }, HeldRunAnswer)).heldSince;
}
