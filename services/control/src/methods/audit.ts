import { CustomerId, JsonMembers, Limit } from '@flotilla/substrate/methods';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { listAuditEntries } from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';

const Place = z.strictObject({ at: z.iso.datetime(), entryId: z.string().min(1).max(64) });

const AuditEntryView = z.strictObject({
  at: z.iso.datetime(),
  entryId: z.string(),
  actor: z.string().describe('An account, or the name of a local token'),
  action: z.string().describe('The method, by its wire name'),
  target: JsonMembers.describe('What it was done to: integrationId, runId, entityType, recordId, conflictId'),
  detail: JsonMembers.describe('What changed, from what to what, and the reason that was given'),
});

export const listAudit = defineMethod({
  name: 'audit.list',
  version: 1,
  summary: "Who did what to a customer's settings, records, conflicts and runs; latest first",
  params: z.strictObject({
    customerId: CustomerId,
    after: Place.optional().describe('The last entry of the page before'),
    limit: Limit,
  }),
  result: z.strictObject({
    entries: z.array(AuditEntryView),
    next: Place.nullable().describe('Pass it as `after` for the next page; null on the last'),
  }),
  roles: ['admin', 'viewer'],
  async run({ context }: Call<Control>, { customerId, after, limit }) {
    const entries = await listAuditEntries(context.store, customerId, after, limit);
    const end = entries.at(-1);
    return {
      entries: entries.map(({ customerId: _customerId, ...entry }) => entry),
      next: end === undefined || entries.length < limit ? null : { at: end.at, entryId: end.entryId },
    };
  },
});
