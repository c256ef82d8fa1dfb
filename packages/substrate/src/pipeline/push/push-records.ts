import { type Push, putPushes, readPushes } from '../../store/pushes.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { type MergedRecord, mergeStaged, type SentRecord, type TheirRecord } from '../plan/merge-staged.ts';
import { commit, isoNow, type Slice } from '../slice.ts';
import { type LatestRecord, readOne } from './read-one.ts';
import { sendRecord } from './send-record.ts';
import { isWritable, writtenAction } from './writable.ts';

/** What became of a record that was to be written. */
export interface PushedRecord {
  /** As last read. */
  readonly theirs: TheirRecord;
  /** The outcome, to be kept; undefined: there was nothing to write after all. */
  readonly push?: Push;
}

/** A record that differs at the vendor, read right before it is written. */
export interface Candidate {
  readonly merged: MergedRecord;
  readonly latest: LatestRecord;
  /** Of an earlier attempt of this run. */
  readonly known: Push | undefined;
}

/**
 * Writes to the vendor what the merge has for it. Each record is read right before, so that nothing which the vendor changed since the fetch
 * is overwritten, and nothing is written twice after a crash; the intents are committed; then each is written and read again. Records that
 * need no write are not in the answer. `fresh`: what was read a moment ago. Throws what a retry may mend, with the outcomes so far kept.
 */
export async function pushRecords(
  slice: Slice,
  entity: Entity,
  theirs: readonly TheirRecord[],
  fresh?: ReadonlyMap<string, LatestRecord>,
): Promise<ReadonlyMap<string, PushedRecord>> {
  const candidates = await readCandidates(slice, entity, theirs, fresh);
  const pending = candidates.filter(({ merged, known }) => isWritable(entity, merged) && !isFinished(known));
  const intents = new Map(pending.map((candidate) => [candidate, intentOf(slice, entity, candidate)]));
  if (intents.size > 0) await commit(slice, (transaction) => putPushes(transaction, [...intents.values()]));
  const settled = await Promise.allSettled(
    candidates.map(async (candidate): Promise<PushedRecord> => {
      const intent = intents.get(candidate);
      return intent === undefined
        ? concludeKnown(slice, candidate)
        : await sendRecord(slice, entity, candidate, intent);
    }),
  );
  const pushed = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const broken = settled.find((result) => result.status === 'rejected');
  if (broken === undefined) return new Map(pushed.map((one) => [one.theirs.recordId, one]));
  // Those that came through must not be sent again, above all not created again, when the rest is retried.
  const outcomes = pushed.flatMap(({ push }) => (push === undefined ? [] : [push]));
  if (outcomes.length > 0) await commit(slice, (transaction) => putPushes(transaction, outcomes));
  throw broken.reason;
}

/** The records that the merge has something for, merged anew with what the vendor has at this moment. */
async function readCandidates(
  slice: Slice,
  entity: Entity,
  theirs: readonly TheirRecord[],
  fresh: ReadonlyMap<string, LatestRecord> | undefined,
): Promise<readonly Candidate[]> {
  const { store } = slice.worker;
  const planned = (await mergeStaged(slice, entity, store, theirs)).filter((one) => isWritable(entity, one));
  if (planned.length === 0) return [];
  const { customerId, runId } = slice.run;
  const scope = { customerId, runId, entityType: entity.entityType };
  const recordIds = planned.map(({ recordId }) => recordId);
  const known = await readPushes(store, scope, recordIds);
  const latestById = new Map(
    await Promise.all(
      recordIds.map(async (recordId) => {
        const idThere = known.get(recordId)?.assignedId ?? recordId;
        return [recordId, fresh?.get(recordId) ?? (await readOne(slice, entity, idThere))] as const;
      }),
    ),
  );
  const latest = [...latestById].map(([recordId, one]) => ({ ...one.theirs, recordId }));
  const merged = await mergeStaged(slice, entity, store, latest);
  return merged.map((one) => ({
    merged: one,
    latest: latestById.get(one.recordId) as LatestRecord,
    known: known.get(one.recordId),
  }));
}

function isFinished(push: Push | undefined): boolean {
  return push !== undefined && push.state !== 'intended';
}

function intentOf(slice: Slice, { entityType }: Entity, { merged, latest }: Candidate): Push {
  const { customerId, runId } = slice.run;
  const { recordId, stored, ours, merge } = merged;
  return {
    customerId,
    runId,
    entityType,
    recordId,
    action: writtenAction(merged),
    state: 'intended',
    before: latest.theirs.value,
    after: merge.result ?? null,
    ours: ours ?? null,
    version: stored?.version ?? 0,
    assignedId: null,
    failure: null,
    intendedAt: isoNow(slice),
    finishedAt: null,
  };
}

/** A record that is not sent: it was in an earlier attempt, which shows in what was read, or the vendor has it by itself. */
function concludeKnown(slice: Slice, { merged, latest, known }: Candidate): PushedRecord {
  const theirs = { ...latest.theirs, recordId: merged.recordId };
  if (known === undefined) return { theirs };
  const push: Push = isFinished(known) ? known : { ...known, state: 'accepted', finishedAt: isoNow(slice) };
  return { theirs: { ...theirs, sent: sentOf(push) }, push };
}

/** What the push went by. */
export function sentOf({ version, ours, after, assignedId }: Push): SentRecord {
  return {
    version,
    ours: ours ?? undefined,
    value: after ?? undefined,
    ...(assignedId === null ? {} : { assignedId }),
  };
}
