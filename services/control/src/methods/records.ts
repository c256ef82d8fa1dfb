import { Failure } from '@flotilla/substrate/failure';
import {
  CustomerId,
  EntityTypeName,
  fitPage,
  IntegrationId,
  JsonMembers,
  Limit,
  RecordId,
} from '@flotilla/substrate/methods';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import {
  type RecordScope,
  readAliases,
  readIntegration,
  readRecords,
  type Store,
  type StoredRecord,
} from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { readRecordPage } from './read-record-page.ts';

const Facts = z.strictObject({
  recordId: z.string(),
  name: z
    .string()
    .nullable()
    .describe('What people call it: its name or title, of a person the names; null: it has none'),
  version: z.int().describe('1 at first, one more with each change of ours'),
  isDeleted: z.boolean().describe('On our side; the vendor has not been told yet'),
  editedAt: z.iso
    .datetime()
    .nullable()
    .describe('Since when ours is not what the vendor is known to have; null where both are the same'),
  openConflicts: z.int().min(0).describe('Fields that wait for a decision; the record is held meanwhile'),
  updatedAt: z.iso.datetime(),
});

const Values = z.strictObject({
  ours: JsonMembers.nullable().describe('Null: deleted on our side'),
  base: JsonMembers.nullable().describe(
    'What the vendor was last known to have; null: it never had the record',
  ),
});

const which = { customerId: CustomerId, integrationId: IntegrationId, entityType: EntityTypeName };

export const getRecord = defineMethod({
  name: 'records.get',
  version: 1,
  summary: 'One record: ours, and what the vendor was last known to have',
  params: z.strictObject({
    ...which,
    recordId: RecordId.describe('An id that the vendor has replaced by one of its own finds the record too'),
  }),
  result: Facts.extend({
    ...Values.shape,
    movedFrom: z
      .string()
      .nullable()
      .describe('The id that was asked for, where the vendor has replaced it by `recordId`'),
  }),
  roles: ['admin', 'orchestrator', 'viewer'],
  errors: ['not_found'],
  async run({ context: { store } }: Call<Control>, { recordId, ...scope }) {
    await readIntegration(store, scope.customerId, scope.integrationId);
    const record = await findRecord(store, scope, recordId);
    return {
      ...viewFacts(record),
      ...viewValues(record),
      movedFrom: record.recordId === recordId ? null : recordId,
    };
  },
});

export const listRecords = defineMethod({
  name: 'records.list',
  version: 1,
  summary: "An integration's records of one entity type, in order of id",
  params: z.strictObject({
    ...which,
    only: z
      .enum(['edited', 'conflicting'])
      .optional()
      .describe(
        '`edited`: changed on our side, and not at the vendor yet; `conflicting`: held until somebody decides',
      ),
    search: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe(
        'Only records that have every word of it in their name or id; case and accents do not matter',
      ),
    values: z.boolean().default(false).describe('Whether to show the records themselves, ours and base'),
    after: RecordId.optional().describe('The last record of the page before'),
    limit: Limit,
  }),
  result: z.strictObject({
    records: z.array(Facts.extend(Values.partial().shape)),
    next: z
      .string()
      .nullable()
      .describe(
        'Pass it as `after` for the next page; null on the last. With `values` a page may be short, with `search` also empty',
      ),
    searched: z
      .int()
      .nullable()
      .describe('How many records this call has looked through, where it was to search; else null'),
  }),
  roles: ['admin', 'orchestrator', 'viewer'],
  errors: ['not_found'],
  async run({ context: { store } }: Call<Control>, { only, search, values, after = null, ...params }) {
    const { limit, ...scope } = params;
    await readIntegration(store, scope.customerId, scope.integrationId);
    const { searched, ...page } = await readRecordPage(store, scope, {
      only,
      search,
      after,
      limit: values ? Math.min(limit, mostValues) : limit,
    });
    const { rows, next } = values ? fitValues(page) : page;
    return {
      records: rows.map((record) => ({ ...viewFacts(record), ...(values ? viewValues(record) : {}) })),
      next,
      searched,
    };
  },
});

/** Records shown with their values: about 1 KB each, twice. */
const mostValues = 250;

/** The record under this id, or under the one that the vendor has given it since: as an edit finds it. */
async function findRecord(store: Store, scope: RecordScope, askedId: string): Promise<StoredRecord> {
  const assignedId = (await readAliases(store, scope, [askedId])).get(askedId);
  const ids = assignedId === undefined ? [askedId] : [askedId, assignedId];
  const recordsById = await readRecords(store, scope, ids);
  const record = ids.map((id) => recordsById.get(id)).find((found) => found !== undefined);
  if (record !== undefined) return record;
  throw new Failure('not_found', 'No such record', { data: { ...scope, recordId: askedId } });
}

function fitValues(page: { readonly rows: readonly StoredRecord[]; readonly next: string | null }) {
  const { rows, next } = fitPage<StoredRecord>({ rows: page.rows, next: null }, viewValues);
  return { rows, next: next?.recordId ?? page.next };
}

function viewFacts({ recordId, name, version, hash, editedAt, openConflicts, updatedAt }: StoredRecord) {
  return { recordId, name, version, isDeleted: hash === null, editedAt, openConflicts, updatedAt };
}

function viewValues({ value, hash, base, baseHash }: StoredRecord) {
  // Base is kept apart only where it differs from ours.
  return { ours: value, base: baseHash === null ? null : baseHash === hash ? value : base };
}
