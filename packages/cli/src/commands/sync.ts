import { Failure } from '@flotilla/substrate/failure';
import { findNearest } from '@flotilla/substrate/failure/find-nearest';
import { renderReportText } from '@flotilla/substrate/report/render-report-text';
import type { Command } from 'commander';
import type { Fleet } from '../fleet/connect-fleet.ts';
import type { Host } from '../host.ts';
import { command } from '../output/command-line.ts';
import { followRun } from '../progress/follow-run.ts';
import { createRunProgress } from '../progress/run-progress.ts';
import { waitForWarehouse } from '../progress/wait-for-warehouse.ts';
import { IntegrationsAnswer, ReportAnswer, type RunProgressAnswer, StartedAnswer } from '../rpc/answers.ts';
import { collect, type FleetFlags, homeOption, jsonOption } from './command-options.ts';
import { commandOn, openFleet } from './open-fleet.ts';

interface SyncFlags extends FleetFlags {
  readonly wait?: true;
  readonly grades?: true;
  readonly entityType?: readonly string[];
}

interface StartedRun {
  readonly customerId: string;
  readonly integrationId: string;
  readonly vendor: string;
  readonly runId: string;
}

export function addSync(program: Command, host: Host): void {
  program
    .command('sync')
    .summary('start a sync of an integration')
    .description(
      "Starts a sync of an integration and prints the run's id. With --wait: shows how far it has come, waits until the warehouse has its changes, and prints the report; a run that failed or left something undone ends with exit code 1.",
    )
    .argument('<customer>', 'as connected')
    .argument('<integration>', "as connected; by default it has the vendor's id")
    .option('--wait', 'wait for the end and print the report')
    .option('--grades', 'the gradebook instead of rosters')
    .option('--entity-type <name>', 'only this entity type, such as user; may be repeated', collect)
    .addOption(homeOption())
    .addOption(jsonOption())
    .action((customer: string, integration: string, flags: SyncFlags) =>
      runSync(host, customer, integration, flags),
    );
}

async function runSync(
  host: Host,
  customerId: string,
  integrationId: string,
  flags: SyncFlags,
): Promise<void> {
  const { terminal } = host;
  const fleet = openFleet(host, flags);
  const vendor = await findVendor(fleet, customerId, integrationId);
  const { runId } = await fleet.service(vendor).call(
    flags.grades ? 'grades.sync.v1' : 'rosters.sync.v1',
    {
      customerId,
      integrationId,
      ...(flags.entityType === undefined ? {} : { entityTypes: [...flags.entityType] }),
    },
    StartedAnswer,
  );
  if (flags.wait) return await follow(host, fleet, { customerId, integrationId, vendor, runId }, flags);
  if (flags.json) terminal.print(JSON.stringify({ runId }));
  else {
    terminal.print(runId);
    terminal.note(`Its report, also while it runs: ${commandOn(flags, 'report', runId)}`);
  }
}

async function follow(host: Host, fleet: Fleet, run: StartedRun, flags: SyncFlags): Promise<void> {
  const { terminal, clock, interrupted } = host;
  const { customerId, integrationId, runId } = run;
  try {
    const ended = await showProgress(host, fleet, run, flags);
    const warehouse = fleet.service('warehouse');
    const { lastSequence } = ended;
    await waitForWarehouse({
      warehouse,
      customerId,
      integrationId,
      lastSequence,
      clock,
      signal: interrupted,
    });
    const report = await fleet.control.call(
      'runs.report.v1',
      { customerId, runId, changes: 20 },
      ReportAnswer,
    );
    terminal.print(flags.json ? JSON.stringify(report) : `\n${renderReportText(report)}`);
    if (ended.state !== 'succeeded') host.markFailed();
  } catch (thrown) {
    if (interrupted.aborted) terminal.note(`The run goes on: ${commandOn(flags, 'report', runId)}`);
    throw thrown;
  }
}

async function showProgress(
  host: Host,
  fleet: Fleet,
  { customerId, vendor, runId }: StartedRun,
  { json }: SyncFlags,
): Promise<RunProgressAnswer> {
  const progress = json ? undefined : createRunProgress(host.terminal);
  try {
    return await followRun({
      service: fleet.service(vendor),
      customerId,
      runId,
      clock: host.clock,
      signal: host.interrupted,
      onProgress: (run) => progress?.update(run),
    });
  } finally {
    progress?.stop();
  }
}

/** Fails with `not_found`, naming the integrations that the customer has. */
async function findVendor(fleet: Fleet, customerId: string, integrationId: string): Promise<string> {
  const { integrations } = await fleet.control.call(
    'integrations.list.v1',
    { customerId },
    IntegrationsAnswer,
  );
  const found = integrations.find((one) => one.integrationId === integrationId);
  if (found !== undefined) return found.vendor;
  const ids = integrations.map((one) => one.integrationId);
  const nearest = findNearest(integrationId, ids);
  const advice =
    ids.length === 0
      ? `Connect it first: ${command('connect', '--help')}`
      : `The customer has ${ids.join(', ')}.${nearest === undefined ? '' : ` Is ${nearest} meant?`}`;
  throw new Failure('not_found', 'The customer has no such integration', {
    data: { customerId, integrationId, advice },
  });
}
