import { Failure, isRetryable, toFailure } from '../../failure/failure.ts';
import type { JsonObject } from '../../json/json-value.ts';
import type { EntityValue } from '../../model/entity-types.ts';
import type { Push } from '../../store/pushes.ts';
import type { Entity, WriteRequest } from '../../vendor/define-entity.ts';
import { mergeStaged } from '../plan/merge-staged.ts';
import { recordFailure } from '../record-failure.ts';
import { isoNow, type Slice } from '../slice.ts';
import { findCreated } from './find-created.ts';
import { type Candidate, type PushedRecord, sentOf } from './push-records.ts';
import { type LatestRecord, readOne } from './read-one.ts';
import { isWritable } from './writable.ts';

/**
 * Writes one record and reads it again. A refusal is an outcome, with the vendor's exact answer; what a retry may mend is thrown, and then
 * the intent is all that is kept.
 */
export async function sendRecord(
  slice: Slice,
  entity: Entity,
  candidate: Candidate,
  intent: Push,
): Promise<PushedRecord> {
  const { recordId } = intent;
  try {
    const assignedId = await write(slice, entity, candidate, intent);
    const latest = await readOne(slice, entity, assignedId ?? recordId);
    return await verify(slice, entity, latest, { ...intent, assignedId: assignedId ?? null });
  } catch (thrown) {
    const failure = toFailure(thrown);
    if (isRetryable(failure) || runWide.has(failure.code)) throw thrown;
    const push: Push = {
      ...intent,
      state: 'refused',
      failure: recordFailure(failure),
      finishedAt: isoNow(slice),
    };
    // Nothing was written: theirs is what was read before.
    return { theirs: { ...candidate.latest.theirs, recordId }, push };
  }
}

/** Not about this record. */
const runWide: ReadonlySet<string> = new Set(['credentials_rejected', 'lease_lost', 'config_invalid']);

/** Sends the request. Answers the id that the vendor gave to a created record, where it gives ids. */
async function write(
  slice: Slice,
  entity: Entity,
  { latest, known }: Candidate,
  intent: Push,
): Promise<string | undefined> {
  const assignment = intent.action === 'create' ? entity.write?.assignment : undefined;
  if (assignment !== undefined && known !== undefined) {
    // An earlier attempt may have created it, and its answer was lost with the id in it.
    const found = await findCreated(slice, entity, intent);
    if (found !== undefined) return found;
  }
  const request = requestFor(slice, entity, latest, intent);
  const { method, path, query, headers, json } = request;
  const response = await slice.client.request({
    method,
    path,
    ...(query === undefined ? {} : { query }),
    ...(headers === undefined ? {} : { headers }),
    ...(json === undefined ? {} : { body: { json } }),
    // What is deleted already need not be deleted.
    ...(intent.action === 'delete' ? { tolerate: [404, 410] } : {}),
  });
  if (assignment === undefined) return undefined;
  const assignedId = assignment.idIn(response.json(), { id: intent.recordId });
  if (assignedId !== undefined) return assignedId;
  throw new Failure('push_rejected', 'The vendor took the record and did not say under which id', {
    data: { status: response.status },
  });
}

/** The vendor's own description of the write. Fails with `push_rejected` where it has none. */
function requestFor(slice: Slice, entity: Entity, { raw }: LatestRecord, intent: Push): WriteRequest {
  const { action, recordId, after, before } = intent;
  const describe = {
    create: entity.write?.create,
    update: entity.write?.update,
    delete: entity.write?.remove,
  }[action as 'create' | 'update' | 'delete'];
  if (describe === undefined) {
    throw new Failure('push_rejected', 'The vendor takes no such change of this entity type', {
      data: { entityType: entity.entityType, action },
    });
  }
  const value = (after ?? before ?? {}) as JsonObject as EntityValue;
  const record = { id: recordId, value, ...(raw === undefined ? {} : { latest: raw }) };
  return describe(record, slice.connection);
}

/** Whether the vendor has now what was written: what the merge would still have to write says no. */
async function verify(slice: Slice, entity: Entity, latest: LatestRecord, push: Push): Promise<PushedRecord> {
  const theirs = { ...latest.theirs, recordId: push.recordId, sent: sentOf(push) };
  const [merged] = await mergeStaged(slice, entity, slice.worker.store, [theirs]);
  const isThere = merged === undefined || (!merged.merge.isHeld && !isWritable(entity, merged));
  const finishedAt = isoNow(slice);
  if (isThere) return { theirs, push: { ...push, state: 'accepted', finishedAt } };
  const { toTheirs, conflicts } = merged.merge;
  const failure = new Failure(
    'push_rejected',
    'The vendor took the record and did not keep it as it was sent',
    {
      data: { fields: [...toTheirs, ...conflicts].map(({ pointer }) => pointer) },
    },
  );
  return { theirs, push: { ...push, state: 'unverified', failure: recordFailure(failure), finishedAt } };
}
