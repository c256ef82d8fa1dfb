import { z } from 'zod';
import { Failure } from '../../failure/failure.ts';
import { digestJson } from '../../json/digest.ts';
import type { EntityType } from '../../model/entity-types.ts';
import type { RunWorker } from '../../pipeline/parts.ts';
import { type OneReader, readOne } from '../../pipeline/push/read-one.ts';
import { recordFailure } from '../../pipeline/record-failure.ts';
import { openVendor } from '../../pipeline/run/open-vendor.ts';
import type { Call } from '../../rpc/call.ts';
import { type AnyMethod, defineMethod, olderVersion } from '../../rpc/define-method.ts';
import { readCredential, readVendorIntegration } from '../../store/integrations.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import type { Vendor } from '../../vendor/define-vendor.ts';
import { CustomerId, IntegrationId, RecordId } from './identifiers.ts';
import { JsonMembers } from './json-view.ts';
import { FailureView } from './run-view.ts';

/** One call asks the vendor once a record. */
const mostRecords = 50;

/**
 * `records.read`: records as the vendor has them at this moment, in canonical shape; nothing is stored. Version 1 takes one id, version 2
 * several. For vendors that show single records (`Entity.one`); fails with `config_invalid` for one that shows none.
 */
export function defineRecordsRead(vendor: Vendor): readonly AnyMethod<RunWorker>[] {
  const readable = vendor.entities.filter(({ one }) => one !== undefined);
  const [first, ...others] = readable.map(({ entityType }) => entityType);
  if (first === undefined) {
    throw new Failure('config_invalid', 'A vendor that shows no single record cannot have records.read', {
      data: { vendor: vendor.id },
    });
  }
  const which = {
    customerId: CustomerId,
    integrationId: IntegrationId.default(vendor.id),
    entityType: z.enum([first, ...others]).describe('Those of which the vendor shows single records'),
  };
  const newest = defineMethod({
    name: 'records.read',
    version: 2,
    summary: 'Records as the vendor has them at this moment; nothing is stored',
    params: z.strictObject({ ...which, recordIds: z.array(RecordId).min(1).max(mostRecords) }),
    result: z.strictObject({
      records: z.array(LiveRecord).describe('In the order in which they were asked for'),
    }),
    roles: ['admin', 'orchestrator', 'viewer'],
    errors: ['not_found', 'credentials_rejected', 'vendor_unavailable', 'rate_limited'],
    async run({ context, signal }: Call<RunWorker>, { customerId, integrationId, entityType, recordIds }) {
      const entity = requireEntity(readable, entityType);
      const { connection } = await readVendorIntegration(context.store, customerId, integrationId, vendor.id);
      const credential = await readCredential(context.store, customerId, integrationId);
      const opened = await openVendor(context, vendor, connection, credential, signal);
      try {
        const run = { customerId, integrationId };
        const reader = { ...opened, worker: context, run, mergeOf: () => ({ hash: digestJson }) };
        return { records: await Promise.all(recordIds.map((id) => readLive(reader, entity, id))) };
      } finally {
        await opened.close();
      }
    },
  });
  const oldest = olderVersion(newest, {
    version: 1,
    summary: 'One record as the vendor has it at this moment; nothing is stored',
    params: z.strictObject({ ...which, recordId: RecordId }),
    result: z.strictObject({
      recordId: z.string(),
      value: JsonMembers.nullable().describe('Null: the vendor does not have it, or it cannot be read'),
      failure: FailureView.nullable().describe('Why it cannot be read'),
    }),
    up: ({ recordId, ...rest }) => ({ ...rest, recordIds: [recordId] }),
    down({ records: [record] }) {
      if (record === undefined)
        throw new Failure('internal', 'One record was asked for, and none was answered');
      const { recordId, value = null, failure = null } = record;
      return { recordId, value, failure };
    },
  });
  return [oldest, newest];
}

const LiveRecord = z.strictObject({
  recordId: z.string(),
  state: z
    .enum(['found', 'absent', 'unreadable'])
    .describe('`absent`: the vendor does not have it; `unreadable`: what it answers is no sound record'),
  value: JsonMembers.optional().describe('Where it is found'),
  failure: FailureView.optional().describe('Where it is unreadable'),
});

/** What is wrong with one record is its own; any other failure is one of the call. */
const ofOneRecord: ReadonlySet<string> = new Set(['record_quarantined', 'vendor_answer_invalid']);

async function readLive(
  reader: OneReader,
  entity: Entity,
  recordId: string,
): Promise<z.input<typeof LiveRecord>> {
  try {
    const { theirs, isDoubtful } = await readOne(reader, entity, recordId);
    if (isDoubtful) {
      throw new Failure(
        'vendor_answer_invalid',
        'Something that is not the vendor says that it has no such record',
      );
    }
    if (theirs.value === null) return { recordId, state: 'absent' };
    return { recordId, state: 'found', value: theirs.value };
  } catch (thrown) {
    if (!(thrown instanceof Failure) || !ofOneRecord.has(thrown.code)) throw thrown;
    const { code, message, data } = recordFailure(thrown);
    return { recordId, state: 'unreadable', failure: { code, message, data: { ...data } } };
  }
}

function requireEntity(readable: readonly Entity[], entityType: EntityType): Entity {
  const entity = readable.find((each) => each.entityType === entityType);
  if (entity !== undefined) return entity;
  throw new Failure('internal', 'An entity type passed that the schema does not have', {
    data: { entityType },
  });
}
