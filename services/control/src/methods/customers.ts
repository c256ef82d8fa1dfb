import { Failure } from '@flotilla/substrate/failure';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { CustomerId, Limit } from '@flotilla/substrate/methods';
import { diffFields } from '@flotilla/substrate/report/diff-fields';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { Schedule, ScheduleView } from '@flotilla/substrate/settings/schedule';
import { TimeZone } from '@flotilla/substrate/settings/time-zone';
import {
  type Customer,
  countOpenConflicts,
  type IntegrationStanding,
  readCustomer,
  readStandings,
  requireCustomer,
  listCustomers as scanCustomers,
  putCustomer as writeCustomer,
} from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { replanCustomer } from '../nightly.ts';
import { noteAction } from './note-action.ts';
import { IfVersion, requireSeenVersion, Version } from './seen-version.ts';
import { standingTally, tallyStandings } from './tally-standings.ts';

const CustomerView = z.strictObject({
  customerId: z.string(),
  name: z.string(),
  timeZone: z.string(),
  schedule: ScheduleView.nullable(),
  nameVersion: Version,
  scheduleVersion: Version.describe(
    'Of schedule and timeZone: 0 at first, one more with each change of either',
  ),
  createdAt: z.string(),
});

const Count = z.int().min(0);

const StandingView = z.strictObject({
  integrations: Count,
  ...standingTally,
  lastRunAt: z.iso.datetime().nullable().describe('When the latest of those runs was asked for'),
  openConflicts: Count.describe('How many wait for a person'),
});

export const putCustomer = defineMethod({
  name: 'customers.put',
  version: 1,
  summary: 'Registers a customer, or changes its name, time zone or schedule',
  params: z.strictObject({
    customerId: CustomerId,
    name: z
      .string()
      .min(1)
      .max(200)
      .refine((name) => name.isWellFormed(), 'well-formed text, without half of a character')
      .optional()
      .describe('Left out: as it was; a new customer needs one'),
    isNew: z
      .literal(true)
      .optional()
      .describe(
        'Only registers: one that is there already is left as it is, and `already_exists` the answer',
      ),
    timeZone: TimeZone.optional().describe(
      'The schedule is on the clock and calendar of this zone. Left out: as it was, UTC for a new customer',
    ),
    schedule: Schedule.nullable()
      .optional()
      .describe(
        "When nightly runs begin (schedule.preview shows it); null: when the night is asked for, spread over the fleet's window. Left out: as it was",
      ),
    ifNameVersion: IfVersion,
    ifScheduleVersion: IfVersion,
  }),
  result: z.strictObject({ created: z.boolean() }),
  roles: ['admin'],
  errors: ['already_exists', 'not_found', 'stale_version'],
  async run(call: Call<Control>, { customerId, isNew, timeZone, schedule, ...params }) {
    const { context } = call;
    const created = await context.store.transaction(async (transaction) => {
      const known = await readCustomer(transaction, customerId);
      if (known !== undefined && isNew)
        throw new Failure('already_exists', 'There is a customer of this id already', {
          data: { customerId, name: known.name },
        });
      requireSeen(customerId, known, params);
      const name = params.name ?? known?.name;
      if (name === undefined)
        throw new Failure('invalid_params', 'A new customer needs a name', {
          data: { issues: [{ pointer: '/name', message: 'there is no such customer yet' }] },
        });
      const changed = {
        customerId,
        name,
        timeZone: timeZone ?? known?.timeZone ?? 'UTC',
        ...(schedule === undefined ? {} : { schedule }),
      };
      const before = known === undefined ? null : choicesOf(known);
      const after = choicesOf({ schedule: known?.schedule ?? null, ...changed });
      const fields = diffFields(before, after).map((field) => ({ ...field }));
      const versions = known === undefined ? {} : countVersions(known, fields);
      writeCustomer(transaction, { ...changed, ...versions }, known === undefined);
      if (fields.length > 0)
        noteAction(call, transaction, {
          customerId,
          action: 'customers.put.v1',
          target: {},
          detail: { fields },
        });
      return known === undefined;
    });
    await replanCustomer(context, customerId);
    return { created };
  },
});

interface SeenCustomer {
  readonly ifNameVersion?: number | undefined;
  readonly ifScheduleVersion?: number | undefined;
}

/** Fails with `not_found` for a customer that the caller says to have seen and that is not there. */
function requireSeen(
  customerId: string,
  known: Customer | undefined,
  { ifNameVersion, ifScheduleVersion }: SeenCustomer,
): void {
  if (known === undefined) {
    if (ifNameVersion === undefined && ifScheduleVersion === undefined) return;
    throw new Failure('not_found', 'No such customer', { data: { customerId } });
  }
  const seen = { shownBy: 'customers.get.v1', target: { customerId } };
  requireSeenVersion({ ...seen, what: 'name', ifVersion: ifNameVersion, version: known.nameVersion });
  requireSeenVersion({
    ...seen,
    what: 'schedule',
    ifVersion: ifScheduleVersion,
    version: known.scheduleVersion,
  });
}

function countVersions(
  { nameVersion, scheduleVersion }: Customer,
  fields: readonly { readonly pointer: string }[],
): Pick<Customer, 'nameVersion' | 'scheduleVersion'> {
  const isOfName = ({ pointer }: { readonly pointer: string }) => pointer === '/name';
  return {
    nameVersion: nameVersion + (fields.some(isOfName) ? 1 : 0),
    scheduleVersion: scheduleVersion + (fields.some((field) => !isOfName(field)) ? 1 : 0),
  };
}

function choicesOf({
  name,
  timeZone,
  schedule,
}: Pick<Customer, 'name' | 'timeZone' | 'schedule'>): JsonObject {
  return JSON.parse(JSON.stringify({ name, timeZone, schedule })) as JsonObject;
}

export const getCustomer = defineMethod({
  name: 'customers.get',
  version: 1,
  summary: 'One customer',
  params: z.strictObject({ customerId: CustomerId }),
  result: CustomerView,
  roles: ['admin', 'orchestrator', 'viewer'],
  errors: ['not_found'],
  async run({ context }: Call<Control>, { customerId }) {
    return await requireCustomer(context.store, customerId);
  },
});

export const listCustomers = defineMethod({
  name: 'customers.list',
  version: 1,
  summary: 'All customers, in order of their ids, each with how its integrations are',
  params: z.strictObject({
    after: CustomerId.optional().describe('The last customer of the page before'),
    limit: Limit,
  }),
  result: z.strictObject({
    customers: z.array(CustomerView.extend({ standing: StandingView })),
    next: z.string().nullable().describe('Pass it as `after` for the next page; null on the last'),
  }),
  roles: ['admin', 'orchestrator', 'viewer'],
  async run({ context: { store } }: Call<Control>, { after, limit }) {
    const customers = await scanCustomers(store, after, limit);
    const [first, last] = [customers[0], customers.at(-1)];
    if (first === undefined || last === undefined) return { customers: [], next: null };
    const range = { from: first.customerId, to: last.customerId };
    const [standings, conflicts] = await Promise.all([
      readStandings(store, range),
      countOpenConflicts(store, range),
    ]);
    const standingsById = Map.groupBy(standings, ({ customerId }) => customerId);
    const conflictsById = Map.groupBy(conflicts, ({ customerId }) => customerId);
    return {
      customers: customers.map((customer) => {
        const { customerId } = customer;
        const waiting = conflictsById.get(customerId) ?? [];
        const openConflicts = waiting.reduce((sum, { count }) => sum + count, 0);
        return { ...customer, standing: { ...sumUp(standingsById.get(customerId) ?? []), openConflicts } };
      }),
      next: customers.length < limit ? null : last.customerId,
    };
  },
});

function sumUp(standings: readonly IntegrationStanding[]) {
  const lastRuns = standings.flatMap(({ lastRun }) => lastRun?.requestedAt ?? []);
  return {
    integrations: standings.length,
    ...tallyStandings(standings),
    lastRunAt: lastRuns.toSorted().at(-1) ?? null,
  };
}
