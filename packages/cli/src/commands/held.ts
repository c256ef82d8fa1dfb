import { type Command, Option } from 'commander';
import type { Fleet } from '../fleet/connect-fleet.ts';
import { type HeldRun, renderHeld } from '../held/render-held.ts';
import type { Host } from '../host.ts';
import { type OfCustomer, withCustomerName } from '../output/call-customer.ts';
import { shortId } from '../output/show-moment.ts';
import { HeldRunAnswer, type RunAnswer } from '../rpc/answers.ts';
import { listPlanned, listRuns } from '../rpc/listings.ts';
import {
  customerOption,
  entityTypeOption,
  type FleetFlags,
  homeOption,
  integrationOption,
  jsonOption,
  wholeNumber,
} from './command-options.ts';
import { askEach, askOf, findCustomers } from './find-customers.ts';
import { findRun } from './find-run.ts';
import { commandOn, openFleet } from './open-fleet.ts';

interface HeldFlags extends FleetFlags {
  readonly customer?: string;
  readonly integration?: string;
  readonly entityType?: string;
  readonly side?: 'ours' | 'theirs';
  readonly action?: string;
  readonly records: number;
}

export function addHeld(program: Command, host: Host): void {
  program
    .command('held')
    .summary('list held runs, and what they would change')
    .description(
      'Lists runs that a safety limit holds until somebody decides: what is over its limit, and what the run would change, field by field. With RUN only that one.',
    )
    .argument('[run]', "the run's id, or its beginning as long as no other held run begins so")
    .addOption(customerOption())
    .addOption(integrationOption())
    .addOption(entityTypeOption())
    .addOption(
      new Option('--side <name>', 'only what would change on our side, or at the vendor').choices([
        'ours',
        'theirs',
      ]),
    )
    .addOption(
      new Option('--action <name>', 'only records to which this would be done').choices([
        'create',
        'update',
        'delete',
      ]),
    )
    .option('--records <n>', 'of each run, how many records to show', wholeNumber(0, 100_000), 10)
    .addOption(homeOption())
    .addOption(jsonOption())
    .action((run: string | undefined, flags: HeldFlags) => showHeld(host, run, flags));
}

async function showHeld(host: Host, beginning: string | undefined, flags: HeldFlags): Promise<void> {
  const { terminal } = host;
  const fleet = openFleet(host, flags);
  const runs =
    beginning === undefined ? await listHeld(fleet, flags) : [await findRun(fleet, beginning, flags, 'held')];
  const held: HeldRun[] = [];
  for (const run of runs) held.push(await preview(fleet, run, flags));
  if (flags.json) {
    terminal.print(JSON.stringify(held, null, 2));
    return;
  }
  if (held.length === 0) terminal.print('No run is held.');
  for (const [index, run] of held.entries()) {
    terminal.print(`${index === 0 ? '' : '\n'}${renderHeld(run, terminal)}`);
    const id = shortId(run.runId);
    if (run.plannedMore)
      terminal.note(`All of it:       ${commandOn(flags, 'held', id, '--records', '100000')}`);
    // What is decided on then is what stands above, and not what the run may be held for later.
    const seen = run.heldSince === null ? [] : ['--held-since', run.heldSince];
    terminal.note(`To let it go on: ${commandOn(flags, 'approve', id, ...seen)}`);
    terminal.note(`To end it:       ${commandOn(flags, 'reject', id, ...seen, '--reason', '…')}`);
  }
}

type NamedRun = RunAnswer & OfCustomer;

async function listHeld(fleet: Fleet, flags: HeldFlags): Promise<readonly NamedRun[]> {
  const { customer, integration } = flags;
  const found: NamedRun[] = [];
  for (const [customerId, name] of await findCustomers(fleet, customer)) {
    const scope = { customerId, integrationId: integration, state: 'held' };
    const runs = await askOf(fleet, customer, () => askEach(flags, () => listRuns(fleet.control, scope)));
    found.push(...runs.map((run) => withCustomerName(run, name)));
  }
  return found;
}

async function preview(
  { control }: Fleet,
  { customerId, customerName, runId }: NamedRun,
  flags: HeldFlags,
): Promise<HeldRun> {
  const { entityType, side, action, records } = flags;
  const run = await control.call('runs.get.v1', { customerId, runId }, HeldRunAnswer);
  const filter = {
    customerId,
    runId,
    ...(entityType === undefined ? {} : { entityType }),
    ...(side === undefined ? {} : { direction: side === 'ours' ? 'toOurs' : 'toTheirs' }),
    ...(action === undefined ? {} : { action }),
  };
  const { rows, hasMore } = await listPlanned(control, filter, records);
  return { ...withCustomerName(run, customerName), planned: rows, plannedMore: hasMore };
}
