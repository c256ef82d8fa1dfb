import { Failure, isRetryable, toFailure } from '../../failure/failure.ts';
import type { VendorResponse } from '../../http/vendor-client.ts';
import { digestText } from '../../json/digest.ts';
import type { JsonObject } from '../../json/json-value.ts';
import type { EntityType, EntityValue } from '../../model/entity-types.ts';
import { type Push, putPushes } from '../../store/pushes.ts';
import { toRequest } from '../../vendor/collection-request.ts';
import type { Entity, WriteRequest, WrittenRecord } from '../../vendor/define-entity.ts';
import { toRequestBody } from '../../vendor/request-body.ts';
import { assertHeld } from '../lease.ts';
import { recordFailure } from '../record-failure.ts';
import { commit, isoNow, type Slice } from '../slice.ts';
import { concludePush, sentOf } from './conclude-push.ts';
import type { Candidate, PushedRecord } from './push-records.ts';
import { concernsTheRun, type LatestRecord, readOne } from './read-one.ts';
import { changedMembers, isAssigned } from './writable.ts';

/**
 * Writes one record and reads it again. A refusal is an outcome, with the vendor's exact answer; what a retry may mend is thrown, and then
 * the intent is all that is kept.
 */
export async function sendRecord(
  slice: Slice,
  entity: Entity,
  { merged, latest }: Candidate,
  intent: Push,
): Promise<PushedRecord> {
  let push = intent;
  try {
    const response = await write(slice, entity, latest, intent);
    if (isAssigned(entity, intent)) push = { ...intent, assignedId: assignedIdIn(entity, intent, response) };
    const written = await readOne(slice, entity, push.assignedId ?? push.recordId);
    const theirs = { ...written.theirs, recordId: push.recordId, sent: sentOf(push) };
    return { theirs, push: concludePush(slice, entity, merged.stored, written, push) };
  } catch (thrown) {
    const failure = toFailure(thrown);
    if (isRetryable(failure) || concernsTheRun(failure)) {
      // The id is known from now on, whatever becomes of this attempt.
      if (push.assignedId !== null) await commit(slice, (transaction) => putPushes(transaction, [push]));
      throw thrown;
    }
    // Only a plain refusal says that nothing was written.
    const state = failure.code === 'push_rejected' && push.assignedId === null ? 'refused' : 'unverified';
    return {
      theirs: { ...latest.theirs, sent: sentOf(push) },
      push: { ...push, state, failure: recordFailure(failure), finishedAt: isoNow(slice) },
    };
  }
}

function assignedIdIn({ write }: Entity, { recordId, after }: Push, response: VendorResponse): string {
  const sent = { id: recordId, value: (after ?? {}) as EntityValue };
  const isEmpty = response.body.byteLength === 0;
  // A vendor whose ids follow from what was sent need not answer anything: 201, or 200 to what it got before, and no more.
  const isSilent = isEmpty && (response.status === 201 || write?.assignment?.idIn(null, sent) !== undefined);
  const assignedId = write?.assignment?.idIn(isSilent ? null : response.json(), sent);
  if (assignedId !== undefined) return assignedId;
  throw new Failure('vendor_answer_invalid', 'The vendor took the record and did not say under which id', {
    data: { status: response.status },
  });
}

async function write(
  slice: Slice,
  entity: Entity,
  latest: LatestRecord,
  intent: Push,
): Promise<VendorResponse> {
  if (isAssigned(entity, intent) && !slice.settings.steps.persist) {
    throw new Failure('push_rejected', 'The vendor gives such records their ids, and nothing may be stored', {
      data: { entityType: entity.entityType, change: 'allow storing (steps.persist), or create it there' },
    });
  }
  const described = requestFor(slice, entity, latest, intent);
  // What is deleted already need not be deleted.
  return await sendWrite(slice, described, intent.action === 'delete' ? [404, 410] : []);
}

/** Sends a described write, unless the run has been overtaken. */
export async function sendWrite(
  slice: Slice,
  described: WriteRequest,
  tolerate: readonly number[] = [],
): Promise<VendorResponse> {
  const body = await toRequestBody(described);
  // The last moment: whoever has lost the lease must not write over what the next one does.
  await assertHeld(slice.worker.store, slice.fence);
  return await slice.client.request({
    ...toRequest(described),
    method: described.method,
    ...(body === undefined ? {} : { body }),
    ...(described.idempotent === undefined ? {} : { idempotent: described.idempotent }),
    tolerate,
  });
}

/** The vendor's own description of the write. Fails with `push_rejected` where it has none. */
function requestFor(slice: Slice, entity: Entity, latest: LatestRecord, intent: Push): WriteRequest {
  const { action } = intent;
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
  return describe(writtenRecord(entity, latest, intent), slice.connection);
}

/** The record as the vendor's description gets it. */
export function writtenRecord(
  entity: Entity,
  { raw }: LatestRecord,
  intent: Push,
): WrittenRecord<EntityType> {
  const { action, recordId, after, before, customerId, runId } = intent;
  return {
    id: recordId,
    value: (after ?? before ?? {}) as JsonObject as EntityValue,
    at: intent.intendedAt,
    // Without what is written: were that to change between two attempts, a vendor that took the first would be made to create another.
    idempotencyKey: digestText(JSON.stringify([customerId, runId, entity.entityType, recordId, action])),
    changed: changedMembers(entity, intent),
    ...(raw === undefined ? {} : { latest: raw }),
  };
}
