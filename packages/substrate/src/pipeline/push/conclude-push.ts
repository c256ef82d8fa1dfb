import { Failure } from '../../failure/failure.ts';
import { mergeRecord } from '../../merge/merge-record.ts';
import type { Push } from '../../store/pushes.ts';
import type { StoredRecord } from '../../store/records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { baseOf } from '../plan/merge-staged.ts';
import { recordFailure } from '../record-failure.ts';
import { isoNow, type Slice } from '../slice.ts';
import type { SentRecord } from './merge-sent.ts';
import type { LatestRecord } from './read-one.ts';
import { isWritable } from './writable.ts';

/**
 * The outcome of a write that the vendor took, by what was read afterwards: had the merge to write anything still, it did not arrive. What
 * the vendor itself has added or changed meanwhile is no matter, nor what we have.
 */
export function concludePush(
  slice: Slice,
  entity: Entity,
  stored: StoredRecord | undefined,
  { theirs }: LatestRecord,
  push: Push,
): Push {
  const sides = {
    base: baseOf(stored),
    ours: push.after ?? undefined,
    theirs: theirs.value ?? undefined,
  };
  const merge = mergeRecord(sides, slice.mergeOf(entity).rules.forRecord(push.recordId));
  const finishedAt = isoNow(slice);
  if (!merge.isHeld && !isWritable(entity, { merge })) return { ...push, state: 'accepted', finishedAt };
  const fields = [...merge.toTheirs, ...merge.conflicts].map(({ pointer }) => pointer);
  const failure = new Failure(
    'push_rejected',
    'The vendor took the record and does not have it as it was sent',
    { data: { fields } },
  );
  return { ...push, state: 'unverified', failure: recordFailure(failure), finishedAt };
}

/** Pure. What the push went by. */
export function sentOf({ before, ours, after, assignedId }: Push): SentRecord {
  return {
    ours: ours ?? undefined,
    before: before ?? undefined,
    value: after ?? undefined,
    ...(assignedId === null ? {} : { assignedId }),
  };
}
