import { Failure } from '@flotilla/substrate/failure';
import { renderReportText } from '@flotilla/substrate/report/render-report-text';
import type { Command } from 'commander';
import type { Host } from '../host.ts';
import { ReportAnswer, type RunAnswer } from '../rpc/answers.ts';
import { listCustomers, listRuns } from '../rpc/listings.ts';
import type { RpcClient } from '../rpc/rpc-client.ts';
import { type FleetFlags, homeOption, jsonOption, wholeNumber } from './command-options.ts';
import { commandOn, openFleet } from './open-fleet.ts';

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
    .argument('<run>', "the run's id, or its beginning as long as no other run begins so")
    .option('--customer <id>', 'look at this customer only, which is quicker')
    .option('--changes <n>', 'how many changes to show', wholeNumber(0, 1000), 100)
    .option('--problems <n>', 'how many quarantined records to name', wholeNumber(0, 1000), 100)
    .addOption(homeOption())
    .addOption(jsonOption())
    .action((run: string, flags: ReportFlags) => showReport(host, run, flags));
}

async function showReport(host: Host, beginning: string, flags: ReportFlags): Promise<void> {
  const { control } = openFleet(host, flags);
  const { customerId, runId } = await findRun(control, beginning, flags);
  const { changes, problems } = flags;
  const report = await control.call('runs.report.v1', { customerId, runId, changes, problems }, ReportAnswer);
  host.terminal.print(flags.json ? JSON.stringify(report, null, 2) : renderReportText(report));
}

/** Fails with `not_found` where no run begins so, and with `invalid_params` where several do. */
async function findRun(control: RpcClient, beginning: string, flags: ReportFlags): Promise<RunAnswer> {
  const found: RunAnswer[] = [];
  const { customer } = flags;
  const customers = customer === undefined ? listCustomers(control) : [{ customerId: customer }];
  for await (const { customerId } of customers) {
    const runs = await listRuns(control, { customerId });
    found.push(...runs.filter(({ runId }) => runId.startsWith(beginning.toLowerCase())));
  }
  const [run] = found;
  if (run === undefined) {
    throw new Failure('not_found', 'There is no such run', {
      data: { run: beginning, advice: `See which there are: ${commandOn(flags, 'runs')}` },
    });
  }
  if (found.length === 1) return run;
  throw new Failure('invalid_params', 'Several runs begin so', {
    data: {
      run: beginning,
      found: found.slice(0, 5).map(({ customerId, runId }) => `${runId} (${customerId})`),
      advice: 'Give more of the id.',
    },
  });
}
