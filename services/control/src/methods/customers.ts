import { Failure } from '@flotilla/substrate/failure';
import { CustomerId, Limit } from '@flotilla/substrate/methods';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { Schedule, ScheduleView } from '@flotilla/substrate/settings/schedule';
import { TimeZone } from '@flotilla/substrate/settings/time-zone';
import {
  readCustomer,
  listCustomers as scanCustomers,
  putCustomer as writeCustomer,
} from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { replanCustomer } from '../nightly.ts';

const CustomerView = z.strictObject({
  customerId: z.string(),
  name: z.string(),
  timeZone: z.string(),
  schedule: ScheduleView.nullable(),
  createdAt: z.string(),
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
      .refine((name) => name.isWellFormed(), 'well-formed text, without half of a character'),
    timeZone: TimeZone.optional().describe(
      'The schedule is on the clock and calendar of this zone. Left out: as it was, UTC for a new customer',
    ),
    schedule: Schedule.nullable()
      .optional()
      .describe(
        "When nightly runs begin (schedule.preview shows it); null: when the night is asked for, spread over the fleet's window. Left out: as it was",
      ),
  }),
  result: z.strictObject({ created: z.boolean() }),
  roles: ['admin'],
  async run({ context }: Call<Control>, { customerId, name, timeZone, schedule }) {
    const created = await context.store.transaction(async (transaction) => {
      const known = await readCustomer(transaction, customerId);
      const changed = {
        customerId,
        name,
        timeZone: timeZone ?? known?.timeZone ?? 'UTC',
        ...(schedule === undefined ? {} : { schedule }),
      };
      writeCustomer(transaction, changed, known === undefined);
      return known === undefined;
    });
    await replanCustomer(context, customerId);
    return { created };
  },
});

export const getCustomer = defineMethod({
  name: 'customers.get',
  version: 1,
  summary: 'One customer',
  params: z.strictObject({ customerId: CustomerId }),
  result: CustomerView,
  roles: ['admin', 'orchestrator', 'viewer'],
  errors: ['not_found'],
  async run({ context }: Call<Control>, { customerId }) {
    const customer = await readCustomer(context.store, customerId);
    if (customer === undefined) throw new Failure('not_found', 'No such customer', { data: { customerId } });
    return customer;
  },
});

export const listCustomers = defineMethod({
  name: 'customers.list',
  version: 1,
  summary: 'All customers, in order of their ids',
  params: z.strictObject({
    after: CustomerId.optional().describe('The last customer of the page before'),
    limit: Limit,
  }),
  result: z.strictObject({
    customers: z.array(CustomerView),
    next: z.string().nullable().describe('Pass it as `after` for the next page; null on the last'),
  }),
  roles: ['admin', 'orchestrator', 'viewer'],
  async run({ context }: Call<Control>, { after, limit }) {
    const customers = await scanCustomers(context.store, after, limit);
    return {
      customers: [...customers],
      next: customers.length < limit ? null : (customers.at(-1)?.customerId ?? null),
    };
  },
});
