import { CustomerId, Limit } from '@flotilla/substrate/methods';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import {
  readCustomer,
  listCustomers as scanCustomers,
  putCustomer as writeCustomer,
} from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';

const TimeZone = z.string().refine(isTimeZone, 'an IANA time zone, such as America/Chicago');

const CustomerView = z.strictObject({
  customerId: z.string(),
  name: z.string(),
  timeZone: z.string(),
  createdAt: z.string(),
});

export const putCustomer = defineMethod({
  name: 'customers.put',
  version: 1,
  summary: 'Registers a customer, or changes its name or time zone',
  params: z.strictObject({
    customerId: CustomerId,
    name: z
      .string()
      .min(1)
      .max(200)
      .refine((name) => name.isWellFormed(), 'well-formed text, without half of a character'),
    timeZone: TimeZone.default('UTC').describe('The nightly window is in this zone'),
  }),
  result: z.strictObject({ created: z.boolean() }),
  roles: ['admin'],
  async run({ context }: Call<Control>, customer) {
    return await context.store.transaction(async (transaction) => {
      const created = (await readCustomer(transaction, customer.customerId)) === undefined;
      writeCustomer(transaction, customer, created);
      return { created };
    });
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

/** `Intl.supportedValuesOf` knows each zone by one name only, often an old one: not America/Indiana/Indianapolis, where schools are. */
function isTimeZone(name: string): boolean {
  // Intl takes offsets for zones; they know no daylight saving.
  if (/^[+-]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
