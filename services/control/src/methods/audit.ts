import {
  CustomerId,
  collectPage,
  fitPage,
  IntegrationId,
  JsonMembers,
  Limit,
  periodParams,
  readPeriod,
} from '@flotilla/substrate/methods';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import {
  type AuditEntry,
  listAllAuditEntries,
  listAuditEntries,
  requireCustomer,
} from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { describeAction } from './audit-words.ts';
import { CustomerName, readNames, withNames } from './customer-names.ts';

const Place = z.strictObject({
  at: z.iso.datetime(),
  entryId: z.string().min(1).max(64),
  customerId: CustomerId.optional().describe('Whose entry it is; needed where no customer is named'),
});

const AuditEntryView = z.strictObject({
  at: z.iso.datetime(),
  entryId: z.string(),
  customerId: z.string(),
  customerName: CustomerName,
  actor: z.string().describe('An account, or the name of a local token'),
  action: z.string().describe('The method, by its wire name'),
  words: z
    .string()
    .describe('What was done, to follow the name of the actor: `decided /title of category b1: ours`'),
  target: JsonMembers.describe('What it was done to: integrationId, runId, entityType, recordId, conflictId'),
  detail: JsonMembers.describe('What changed, from what to what, and the reason that was given'),
});

const Params = z.strictObject({
  customerId: CustomerId.optional().describe('Left out: the whole fleet; dates are then those of UTC'),
  actor: z.string().min(1).max(320).optional().describe('Only what this one did'),
  action: z
    .string()
    .regex(/^[a-z][a-zA-Z0-9]*(\.[a-zA-Z0-9]+)*$/, 'the name of a method, or what it begins with up to a dot')
    .max(100)
    .optional()
    .describe('Only this method, or those whose names begin so: `conflicts`, `runs.approve.v1`'),
  integrationId: IntegrationId.optional().describe('Only what was done to this one'),
  ...periodParams,
  after: Place.optional().describe('The last entry of the page before'),
  limit: Limit,
});

export const listAudit = defineMethod({
  name: 'audit.list',
  version: 1,
  summary:
    "Who did what to a customer's settings, records, conflicts and runs, or to those of all; latest first",
  params: Params.superRefine(({ customerId, after }, context) => {
    if (customerId !== undefined || after === undefined || after.customerId !== undefined) return;
    const message = 'is needed where no customer is named: pass `next` as it came';
    context.addIssue({ code: 'custom', path: ['after', 'customerId'], message });
  }),
  result: z.strictObject({
    entries: z.array(AuditEntryView),
    next: Place.nullable().describe(
      'Pass it as `after` for the next page; null on the last. A page may be short',
    ),
  }),
  roles: ['admin', 'viewer'],
  errors: ['not_found'],
  async run({ context: { store } }: Call<Control>, filter) {
    const { customerId, after, limit } = filter;
    const customer = customerId === undefined ? undefined : await requireCustomer(store, customerId);
    const period = readPeriod(filter, customer?.timeZone ?? 'UTC');
    const all = await collectPage<AuditEntry, AuditPlace>(
      (from, size) => {
        const listing = { ...period, limit: size, ...(from === undefined ? {} : { after: from }) };
        return customerId === undefined
          ? listAllAuditEntries(store, listing)
          : listAuditEntries(store, customerId, listing);
      },
      (entry) => isWanted(entry, filter),
      { after: toPlace(after, customerId), limit },
    );
    const page = fitPage(all, (entry) => entry);
    const withName =
      customer === undefined
        ? await readNames(store, page.rows)
        : withNames(new Map([[customer.customerId, customer]]));
    return {
      entries: page.rows.map((entry) => ({ ...withName(entry), words: describeAction(entry) })),
      next:
        page.next === null
          ? null
          : { at: page.next.at, entryId: page.next.entryId, customerId: page.next.customerId },
    };
  },
});

type Filter = z.output<typeof Params>;
type AuditPlace = Pick<AuditEntry, 'customerId' | 'at' | 'entryId'>;

/** Of a named customer only that one's: another's entry is a moment to go on after, and shows nothing. */
function toPlace(after: Filter['after'], customerId: string | undefined): AuditPlace | undefined {
  if (after === undefined) return undefined;
  return { ...after, customerId: customerId ?? after.customerId ?? '' };
}

function isWanted({ actor, action, target }: AuditEntry, filter: Filter): boolean {
  const { integrationId } = filter;
  return (
    (filter.actor === undefined || actor === filter.actor) &&
    (filter.action === undefined || action === filter.action || action.startsWith(`${filter.action}.`)) &&
    (integrationId === undefined || target.integrationId === integrationId)
  );
}
