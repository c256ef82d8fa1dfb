import { renderReportText } from '@flotilla/substrate/report/render-report-text';
import type { RunReport } from '@flotilla/substrate/report/run-report';
import type { Command } from 'commander';
import type { Fleet } from '../fleet/connect-fleet.ts';
import type { Host } from '../host.ts';
import { followRun } from '../progress/follow-run.ts';
import { createRunProgress } from '../progress/run-progress.ts';
import { waitForWarehouse } from '../progress/wait-for-warehouse.ts';
import { DescribeAnswer, ReportAnswer, type RunProgressAnswer, StartedAnswer } from '../rpc/answers.ts';
import { chooseSyncs, type PlannedSync, type SyncChoice } from './choose-syncs.ts';
import { collect, type FleetFlags, homeOption, jsonOption } from './command-options.ts';
import { findIntegration } from './find-customers.ts';
import { commandOn, openFleet } from './open-fleet.ts';

interface SyncFlags extends FleetFlags, SyncChoice {
  readonly wait?: true;
  readonly dryRun?: true;
}

interface Target {
  readonly customerId: string;
  readonly integrationId: string;
  readonly vendor: string;
}

interface StartedRun extends Target {
  readonly runId: string;
  readonly method: string;
}

/** Of a dry run's plan, as many records as a report gives at once. */
const plannedShown = 1000;

const about = [
  'Starts a sync of all that the vendor offers: rosters, then the gradebook, attendance and assessments, each a run of its own. Prints the ids of the runs.',
  'With --wait: shows how far each has come, waits until the warehouse has its changes, and prints its report; each begins when the one before is done. A run that failed or left something undone ends with exit code 1.',
  'A provider without a gradebook has none of its lists, so that its second run fails; the same goes for attendance and assessments. Where it was not asked for by name, --wait says so in one line and that is no failure.',
  'With --dry-run: nothing is written anywhere, neither here nor at the provider; it waits and prints what a real run would do, field by field, each with the rule behind it.',
  'With --json, one object: {"runs": [...]}, in the order in which they run: with --wait the reports, else {"runId", "method"}. The run of what is not there is among them.',
].join('\n\n');

export function addSync(program: Command, host: Host): void {
  program
    .command('sync')
    .summary('start a sync of an integration')
    .description(about)
    .argument('<customer>', 'as connected')
    .argument('<integration>', "as connected; by default it has the vendor's id")
    .option('--wait', 'wait for the end and print the reports')
    .option('--dry-run', 'only show what would change, on both sides')
    .option('--rosters', 'only people, classes and enrollments')
    .option('--grades', 'only the gradebook; it is an error if the provider has none')
    .option('--attendance', 'only who was there; it is an error if the provider has none')
    .option('--assessments', 'only tests and their outcomes; it is an error if the provider has none')
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
  const asked = { customer: customerId, integration: integrationId };
  const { vendor } = await findIntegration(fleet, asked);
  const { entityTypes } = await fleet.service(vendor).call('vendor.describe.v1', {}, DescribeAnswer);
  const planned = chooseSyncs(flags, entityTypes);
  const target = { customerId, integrationId, vendor };
  if (flags.wait || flags.dryRun) return await syncInTurn(host, fleet, target, planned, flags);
  const runs: StartedRun[] = [];
  for (const sync of planned) runs.push(await startSync(fleet, target, sync, flags));
  if (flags.json) {
    terminal.print(JSON.stringify({ runs: runs.map(({ runId, method }) => ({ runId, method })) }));
    return;
  }
  for (const { runId, method } of runs) {
    terminal.print(runId);
    terminal.note(`The report of ${method}, also while it runs: ${commandOn(flags, 'report', runId)}`);
  }
}

async function startSync(
  fleet: Fleet,
  target: Target,
  sync: PlannedSync,
  { dryRun }: SyncFlags,
): Promise<StartedRun> {
  const { customerId, integrationId, vendor } = target;
  const { family, entityTypes } = sync;
  const method = `${family}.sync.v1`;
  const { runId } = await fleet.service(vendor).call(
    method,
    {
      customerId,
      integrationId,
      ...(entityTypes === undefined ? {} : { entityTypes: [...entityTypes] }),
      ...(dryRun ? { dryRun } : {}),
    },
    StartedAnswer,
  );
  return { ...target, runId, method };
}

/** One after the other, since an integration has one run at a time. After one that failed as a whole the next would fail alike. */
async function syncInTurn(
  host: Host,
  fleet: Fleet,
  target: Target,
  planned: readonly PlannedSync[],
  flags: SyncFlags,
): Promise<void> {
  const { terminal } = host;
  const reports: RunReport[] = [];
  for (const [index, sync] of planned.entries()) {
    const run = await startSync(fleet, target, sync, flags);
    const { ended, report } = await follow(host, fleet, run, flags);
    reports.push(report);
    const isMissing = sync.isOptional && hasNoneOfTheLists(ended);
    if (!isWell(ended) && !isMissing) host.markFailed();
    if (!flags.json) {
      terminal.print(
        isMissing
          ? `\nNo ${missing[sync.family]}: the provider has none of its lists.`
          : `\n${renderReportText(report)}`,
      );
    }
    if (ended.state === 'held' && !flags.json) tellHowToDecide(host, run, flags);
    if (ended.state !== 'failed' && ended.state !== 'held') continue;
    for (const { family } of planned.slice(index + 1)) terminal.note(`Not begun after that: ${family}`);
    break;
  }
  if (flags.json) terminal.print(JSON.stringify({ runs: reports }));
}

/** What is said to be missing; a provider without rosters has failed. */
const missing = {
  rosters: 'rosters',
  grades: 'gradebook',
  attendance: 'attendance',
  assessments: 'assessments',
} as const;

function isWell({ state }: RunProgressAnswer): boolean {
  return state === 'succeeded' || state === 'unchanged';
}

function tellHowToDecide({ terminal }: Host, { runId }: StartedRun, flags: SyncFlags): void {
  terminal.note(`To let it go on: ${commandOn(flags, 'approve', runId)}`);
  terminal.note(`To end it:       ${commandOn(flags, 'reject', runId, '--reason', '…')}`);
}

/** What the service calls a failure, since under a wrong base URL, too, every list is simply not there. */
function hasNoneOfTheLists({ state, entityTypes }: RunProgressAnswer): boolean {
  return (
    state === 'failed' &&
    entityTypes.length > 0 &&
    entityTypes.every(({ stage, failure }) => stage === 'skipped' && failure?.code === 'not_found')
  );
}

async function follow(host: Host, fleet: Fleet, run: StartedRun, flags: SyncFlags) {
  const { terminal, clock, interrupted: signal } = host;
  const { customerId, integrationId, runId } = run;
  try {
    const ended = await showProgress(host, fleet, run, flags);
    const warehouse = fleet.service('warehouse');
    const { lastSequence } = ended;
    await waitForWarehouse({ warehouse, customerId, integrationId, lastSequence, clock, signal });
    const params = { customerId, runId, changes: flags.dryRun ? plannedShown : 20 };
    const report = await fleet.control.call('runs.report.v1', params, ReportAnswer);
    return { ended, report };
  } catch (thrown) {
    if (signal.aborted) terminal.note(`The run goes on: ${commandOn(flags, 'report', runId)}`);
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
