import { renderReportText } from '@flotilla/substrate/report/render-report-text';
import type { Command } from 'commander';
import type { Host } from '../host.ts';
import { followRun } from '../progress/follow-run.ts';
import { createRunProgress } from '../progress/run-progress.ts';
import { ReportAnswer, RevertAnswer } from '../rpc/answers.ts';
import { customerOption, type FleetFlags, homeOption, jsonOption } from './command-options.ts';
import { findRun, runArgument } from './find-run.ts';
import { commandOn, openFleet } from './open-fleet.ts';

interface RevertFlags extends FleetFlags {
  readonly customer?: string;
  readonly reason?: string;
  readonly wait: boolean;
}

const about = [
  'Takes back what a run changed, on our side and where it wrote to the vendor, by a run of its own; waits for its end and prints its report. Ends with exit code 1 where it was not done.',
  'Where later runs or edits changed the same fields, nothing is taken back, and the report names each record, its fields and who changed them.',
].join('\n\n');

export function addRevert(program: Command, host: Host): void {
  program
    .command('revert')
    .summary('take back what a run changed')
    .description(about)
    .argument(...runArgument)
    .addOption(customerOption())
    .option('--reason <text>', 'why, for those who read it later')
    .option('--no-wait', 'only start it, and print the id of its run')
    .addOption(homeOption())
    .addOption(jsonOption())
    .action((run: string, flags: RevertFlags) => revert(host, run, flags));
}

async function revert(host: Host, beginning: string, flags: RevertFlags): Promise<void> {
  const { terminal, clock, interrupted: signal } = host;
  const fleet = openFleet(host, flags);
  const { control } = fleet;
  const { customerId, runId: reverted } = await findRun(fleet, beginning, flags);
  const { reason, json } = flags;
  const { runId } = await control.call(
    'runs.revert.v1',
    { customerId, runId: reverted, ...(reason === undefined ? {} : { reason }) },
    RevertAnswer,
  );
  const report = commandOn(flags, 'report', runId);
  if (!flags.wait) {
    terminal.print(json ? JSON.stringify({ runId }) : runId);
    if (!json) terminal.note(`Its report, also while it runs: ${report}`);
    return;
  }
  const progress = json ? undefined : createRunProgress(terminal);
  try {
    const onProgress = (run: Parameters<NonNullable<typeof progress>['update']>[0]) => progress?.update(run);
    const ended = await followRun({ service: control, customerId, runId, clock, signal, onProgress });
    if (ended.state !== 'succeeded' && ended.state !== 'unchanged') host.markFailed();
  } catch (thrown) {
    if (signal.aborted) terminal.note(`It goes on by itself. Its report: ${report}`);
    throw thrown;
  } finally {
    progress?.stop();
  }
  const answer = await control.call('runs.report.v1', { customerId, runId }, ReportAnswer);
  terminal.print(json ? JSON.stringify(answer, null, 2) : renderReportText(answer));
}
