import { toFailure } from '../../failure/failure.ts';
import type { JsonObject } from '../../json/json-value.ts';
import type { EntityValue } from '../../model/entity-types.ts';
import { type RecordReference, referencesIn } from '../../model/references.ts';
import type { Action } from '../../settings/safety-limits.ts';
import type { Push } from '../../store/pushes.ts';
import { readRecordsAt } from '../../store/records.ts';
import type { BatchWrite, ReferredRecord } from '../../vendor/batch-write.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { baseOf } from '../plan/merge-staged.ts';
import { recordFailure } from '../record-failure.ts';
import { isoNow, type Slice } from '../slice.ts';
import type { Candidate, PushedRecord } from './push-records.ts';
import { writtenRecord } from './send-record.ts';

/** A record that is to go into an upload. */
interface Intended {
  readonly candidate: Candidate;
  readonly intent: Push;
}

/** One that goes, with what the upload says of it. */
export interface Uploaded extends Intended {
  readonly row: JsonObject;
}

export interface Rows {
  readonly uploaded: readonly Uploaded[];
  /** Of which the upload cannot be told what they are: they are not sent. */
  readonly refused: readonly PushedRecord[];
}

/** Makes the rows of an upload. What the records refer to is read for all of them at once. */
export async function toRows(slice: Slice, entity: Entity, intended: readonly Intended[]): Promise<Rows> {
  const uploaded: Uploaded[] = [];
  const refused: PushedRecord[] = [];
  if (intended.length === 0) return { uploaded, refused };
  const write = entity.write?.batch as BatchWrite;
  const referred = await readReferred(
    slice,
    intended.flatMap(({ intent }) => referencesOf(entity, intent)),
  );
  for (const { candidate, intent } of intended) {
    const refersTo = new Map<string, ReferredRecord>();
    for (const { entityType, id, pointer } of referencesOf(entity, intent)) {
      const value = referred.get(keyOf({ entityType, id }));
      if (value !== undefined) refersTo.set(pointer, { entityType, id, value });
    }
    const { before } = intent;
    const record = {
      ...writtenRecord(entity, candidate.latest, intent),
      action: intent.action as Action,
      refersTo,
      ...(before === null ? {} : { before: before as EntityValue }),
    };
    try {
      uploaded.push({ candidate, intent, row: write.row(record, slice.connection) });
    } catch (thrown) {
      const failure = recordFailure(toFailure(thrown));
      refused.push({
        theirs: candidate.latest.theirs,
        push: { ...intent, state: 'refused', failure, finishedAt: isoNow(slice) },
      });
    }
  }
  return { uploaded, refused };
}

/** As `writtenRecord` has the value. */
function referencesOf({ entityType }: Entity, { recordId, after, before }: Push): readonly RecordReference[] {
  return referencesIn(entityType, recordId, after ?? before ?? {});
}

/** What is there of these, each read once. */
async function readReferred(
  { run, worker }: Slice,
  references: readonly RecordReference[],
): Promise<ReadonlyMap<string, JsonObject>> {
  const { customerId, integrationId } = run;
  const wanted = new Map(references.map((reference) => [keyOf(reference), reference]));
  const stored = await readRecordsAt(
    worker.store,
    [...wanted.values()].map(({ entityType, id }) => ({
      customerId,
      integrationId,
      entityType,
      recordId: id,
    })),
  );
  return new Map(
    stored.flatMap((record) => {
      const { entityType, recordId, value } = record;
      const there = baseOf(record) ?? value;
      return there === null ? [] : [[keyOf({ entityType, id: recordId }), there] as const];
    }),
  );
}

function keyOf({ entityType, id }: { readonly entityType: string; readonly id: string }): string {
  return `${entityType} ${id}`;
}
