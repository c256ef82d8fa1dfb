import { Failure } from '@flotilla/substrate/failure';
import { toPlainText } from '@flotilla/substrate/report/plain-text';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Fleet } from '../fleet/connect-fleet.ts';
import type { Host } from '../host.ts';
import { type OfCustomer, withCustomerName } from '../output/call-customer.ts';
import { command } from '../output/command-line.ts';
import { formatSeconds } from '../output/plain-text.ts';
import { shortId, showMoment } from '../output/show-moment.ts';
import { renderTable } from '../output/table.ts';
import type { Colors } from '../output/terminal.ts';
import type { RunAnswer } from '../rpc/answers.ts';
import { listRuns } from '../rpc/listings.ts';
import {
  customerOption,
  type FleetFlags,
  homeOption,
  integrationOption,
  jsonOption,
  wholeNumber,
} from './command-options.ts';
import { askEach, askOf, findCustomers } from './find-customers.ts';
import { openFleet } from './open-fleet.ts';

interface RunsFlags extends FleetFlags {
  readonly customer?: string;
  readonly integration?: string;
  readonly state?: readonly string[];
  readonly context?: string;
  readonly method?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
}

const states = [
  'queued',
  'running',
  'held',
  'succeeded',
  'unchanged',
  'partial',
  'failed',
  'rejected',
  'expired',
];

const contexts = ['nightly', 'realtime', 'manual'];

export function addRuns(program: Command, host: Host): void {
  program
    .command('runs')
    .summary('list runs, latest first')
    .description('Lists runs, latest first: of a customer, or of all.')
    .argument('[customer]', 'the same as --customer')
    .addOption(customerOption())
    .addOption(integrationOption())
    .option(
      '--state <name>',
      `only those in this state; may be given several times (${states.join(', ')})`,
      addState,
    )
    .addOption(new Option('--context <name>', 'only those of this context').choices(contexts))
    .option(
      '--method <name>',
      'only those that it asked for, or one whose name begins so: grades, runs.revert',
    )
    .option('--since <when>', `only those asked for since then: ${whenExamples}`, toMoment)
    .option('--until <when>', 'only those asked for before then, or on that date', toMoment)
    .option('--limit <n>', 'how many', wholeNumber(1, 100_000), 20)
    .addOption(homeOption())
    .addOption(jsonOption())
    .action((customer: string | undefined, flags: RunsFlags) => showRuns(host, customer, flags));
}

const whenExamples = '2026-01-31 (where the customer is), or 2026-01-31T07:00Z';

/** A date as it is: the service knows when it begins where the customer is. A moment in UTC. */
function toMoment(text: string): string {
  const moment = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(moment))
    throw new InvalidArgumentError('It must be a day or a moment, such as 2026-01-31 or 2026-01-31T07:00Z.');
  return text.length === 10 ? text : new Date(moment).toISOString();
}

function addState(state: string, others: readonly string[] = []): readonly string[] {
  if (states.includes(state)) return [...others, state];
  throw new InvalidArgumentError(`Allowed choices are ${states.join(', ')}.`);
}

async function showRuns(host: Host, named: string | undefined, flags: RunsFlags): Promise<void> {
  const { terminal } = host;
  const customer = chooseCustomer(named, flags.customer);
  const fleet = openFleet(host, flags);
  const customers = await findCustomers(fleet, customer);
  const runs = await askOf(fleet, customer, () => latestRuns(fleet, customers, { ...flags, customer }));
  if (flags.json) terminal.print(JSON.stringify(runs, null, 2));
  else if (runs.length === 0 && isFiltered(flags)) terminal.print('No such runs.');
  else if (runs.length === 0) terminal.print(`No runs yet. Start one: ${command('sync', '--help')}`);
  else terminal.print(renderRuns(runs, terminal.colors));
}

function isFiltered({ integration, state, context, method, since, until }: RunsFlags): boolean {
  return (integration ?? state ?? context ?? method ?? since ?? until) !== undefined;
}

function chooseCustomer(argument: string | undefined, option: string | undefined): string | undefined {
  if (argument === undefined || option === undefined || argument === option) return argument ?? option;
  throw new Failure('invalid_params', 'Two customers are named', {
    data: { argument, option: `--customer ${option}`, advice: 'Name one, or none for the runs of all.' },
  });
}

async function latestRuns(
  fleet: Fleet,
  customers: ReadonlyMap<string, string | null>,
  flags: Omit<RunsFlags, 'customer'> & { readonly customer: string | undefined },
): Promise<readonly NamedRun[]> {
  const { integration: integrationId, state: states, context, method, since, until, limit } = flags;
  const found: NamedRun[] = [];
  for (const [customerId, name] of customers) {
    const scope = { customerId, integrationId, states, context, method, since, until, limit };
    const runs = await askEach(flags, () => listRuns(fleet.control, scope));
    found.push(...runs.map((run) => withCustomerName(run, name)));
  }
  return found.toSorted((a, b) => (a.requestedAt < b.requestedAt ? 1 : -1)).slice(0, limit);
}

type NamedRun = RunAnswer & OfCustomer;

/** Of all customers, each by its name too: an id is what commands take, and hardly what people call a district. */
function renderRuns(runs: readonly NamedRun[], colors: Colors): string {
  const hasNames = runs.some(({ customerName }) => customerName !== undefined);
  return renderTable(
    [
      ...[
        'run',
        'customer',
        ...(hasNames ? ['name'] : []),
        'integration',
        'context',
        'method',
        'state',
        'requested',
      ].map((title) => ({
        title,
      })),
      { title: 'took', align: 'right' as const },
      { title: 'changes', align: 'right' as const },
      { title: 'problem' },
    ],
    runs.map((run) => [
      shortId(run.runId),
      run.customerId,
      ...(hasNames ? [toPlainText(run.customerName ?? '', 30)] : []),
      run.integrationId,
      run.context,
      run.method,
      colorState(run.state, colors),
      showMoment(run.requestedAt),
      durationOf(run),
      changesOf(run),
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

/** Records of ours that it created, updated and deleted. */
function changesOf({ totals }: RunAnswer): string {
  return totals === undefined ? '' : `${totals.created + totals.updated + totals.deleted}`;
}

function durationOf({ startedAt, finishedAt }: RunAnswer): string {
  if (startedAt === null || finishedAt === null) return '…';
  return formatSeconds((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000);
}
