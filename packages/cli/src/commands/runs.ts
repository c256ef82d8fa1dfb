import { Failure } from '@flotilla/substrate/failure';
import { findNearest } from '@flotilla/substrate/failure/find-nearest';
import { toPlainText } from '@flotilla/substrate/report/plain-text';
import type { Command } from 'commander';
import type { Fleet } from '../fleet/connect-fleet.ts';
import type { Host } from '../host.ts';
import { command } from '../output/command-line.ts';
import { formatSeconds } from '../output/plain-text.ts';
import { renderTable } from '../output/table.ts';
import type { Colors } from '../output/terminal.ts';
import type { RunAnswer } from '../rpc/answers.ts';
import { listCustomers, listRuns } from '../rpc/listings.ts';
import { type FleetFlags, homeOption, jsonOption, wholeNumber } from './command-options.ts';
import { openFleet } from './open-fleet.ts';

interface RunsFlags extends FleetFlags {
  readonly integration?: string;
  readonly limit: number;
}

export function addRuns(program: Command, host: Host): void {
  program
    .command('runs')
    .summary('list runs, latest first')
    .description('Lists runs, latest first: of a customer, or of all.')
    .argument('[customer]', 'only those of this customer')
    .option('--integration <id>', 'only those of this integration')
    .option('--limit <n>', 'how many', wholeNumber(1, 100_000), 20)
    .addOption(homeOption())
    .addOption(jsonOption())
    .action((customer: string | undefined, flags: RunsFlags) => showRuns(host, customer, flags));
}

async function showRuns(host: Host, customer: string | undefined, flags: RunsFlags): Promise<void> {
  const { terminal } = host;
  const fleet = openFleet(host, flags);
  const runs = await latestRuns(fleet, customer, flags);
  if (runs.length === 0 && customer !== undefined) await requireCustomer(fleet, customer);
  if (flags.json) terminal.print(JSON.stringify(runs, null, 2));
  else if (runs.length === 0) terminal.print(`No runs yet. Start one: ${command('sync', '--help')}`);
  else terminal.print(renderRuns(runs, terminal.colors));
}

async function latestRuns(
  { control }: Fleet,
  customer: string | undefined,
  { integration, limit }: RunsFlags,
): Promise<readonly RunAnswer[]> {
  const found: RunAnswer[] = [];
  const customers = customer === undefined ? listCustomers(control) : [{ customerId: customer }];
  for await (const { customerId } of customers) {
    found.push(...(await listRuns(control, { customerId, integrationId: integration, limit })));
  }
  return found.toSorted((a, b) => (a.requestedAt < b.requestedAt ? 1 : -1)).slice(0, limit);
}

const customersNamed = 10;

/** Fails with `not_found`, naming customers that there are: to list the runs of one who is not there is no error to the service. */
async function requireCustomer({ control }: Fleet, customerId: string): Promise<void> {
  const ids: string[] = [];
  for await (const one of listCustomers(control)) ids.push(one.customerId);
  if (ids.includes(customerId)) return;
  const nearest = findNearest(customerId, ids);
  const more = ids.length - customersNamed;
  const named = `${ids.slice(0, customersNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const advice =
    ids.length === 0
      ? `Connect one first: ${command('connect', '--help')}`
      : `Connected: ${named}.${nearest === undefined ? '' : ` Is ${nearest} meant?`}`;
  throw new Failure('not_found', 'No such customer', { data: { customerId, advice } });
}

function renderRuns(runs: readonly RunAnswer[], colors: Colors): string {
  return renderTable(
    [
      ...['run', 'customer', 'integration', 'context', 'method', 'state', 'requested'].map((title) => ({
        title,
      })),
      { title: 'took', align: 'right' as const },
      { title: 'problem' },
    ],
    runs.map((run) => [
      run.runId.slice(0, 8),
      run.customerId,
      run.integrationId,
      run.context,
      run.method,
      colorState(run.state, colors),
      `${run.requestedAt.slice(0, 19).replace('T', ' ')}Z`,
      durationOf(run),
      toPlainText(run.failure?.message ?? '', 60),
    ]),
    colors,
  );
}

function colorState(state: string, colors: Colors): string {
  if (state === 'succeeded' || state === 'unchanged') return colors.green(state);
  if (state === 'failed') return colors.red(state);
  return colors.yellow(state);
}

function durationOf({ startedAt, finishedAt }: RunAnswer): string {
  if (startedAt === null || finishedAt === null) return '…';
  return formatSeconds((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000);
}
