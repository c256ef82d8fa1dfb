import { renderReportText } from '@flotilla/substrate/report/render-report-text';
import type { Command } from 'commander';
import type { Host } from '../host.ts';
import { ReportAnswer } from '../rpc/answers.ts';
import { customerOption, type FleetFlags, homeOption, jsonOption, wholeNumber } from './command-options.ts';
import { findRun, runArgument } from './find-run.ts';
import { openFleet } from './open-fleet.ts';

interface ReportFlags extends FleetFlags {
  readonly customer?: string;
  readonly changes: number;
  readonly problems: number;
}

export function addReport(program: Command, host: Host): void {
  program
    .command('report')
    .summary("print a run's report")
    .description("Prints a run's report: verdict, steps, problems, and changes field by field.")
    .argument(...runArgument)
    .addOption(customerOption())
    .option('--changes <n>', 'how many changes to show', wholeNumber(0, 1000), 100)
    .option('--problems <n>', 'how many quarantined records to name', wholeNumber(0, 1000), 100)
    .addOption(homeOption())
    .addOption(jsonOption())
    .action((run: string, flags: ReportFlags) => showReport(host, run, flags));
}

async function showReport(host: Host, beginning: string, flags: ReportFlags): Promise<void> {
  const fleet = openFleet(host, flags);
  const { control } = fleet;
  const { customerId, runId } = await findRun(fleet, beginning, flags);
  const { changes, problems } = flags;
  const report = await control.call('runs.report.v1', { customerId, runId, changes, problems }, ReportAnswer);
  host.terminal.print(flags.json ? JSON.stringify(report, null, 2) : renderReportText(report));
}
