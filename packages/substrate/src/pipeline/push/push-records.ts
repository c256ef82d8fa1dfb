import { Failure, isRetryable, toFailure } from '../../failure/failure.ts';
import type { Action } from '../../settings/safety-limits.ts';
import { putPendingCreates, readPendingIds } from '../../store/pending-creates.ts';
import { type Push, putPushes, readPushes } from '../../store/pushes.ts';
import { type BatchProgress, putRunEntityType, type RunEntityType } from '../../store/runs.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { type MergedRecord, mergeStaged, type TheirRecord } from '../plan/merge-staged.ts';
import { recordFailure } from '../record-failure.ts';
import { commit, isoNow, type Slice } from '../slice.ts';
import { concludePush, sentOf } from './conclude-push.ts';
import { concernsTheRun, type LatestRecord, readOne } from './read-one.ts';
import { sendBatch, unsentBatch } from './send-batch.ts';
import { sendRecord } from './send-record.ts';
import { toRows } from './to-rows.ts';
import { isAssigned, isBatched, isWritable, writtenAction } from './writable.ts';

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
}

export interface Pushed {
  /** Records that need no write are not among them. */
  readonly byId: ReadonlyMap<string, PushedRecord>;
  /** Present where the vendor broke off: what a retry may mend, and the records that it befell. */
  readonly broken?: { readonly reason: unknown; readonly recordIds: ReadonlySet<string> };
  /** The upload that was sent and is worked on: then it is what broke off. */
  readonly batch?: BatchProgress;
}

/**
 * Writes to the vendor what the merge has for it. Each record is read right before, so that nothing which the vendor changed since the fetch
 * is overwritten, and nothing is written twice after a crash; the intents are committed; then each is written and read again. Those that go
 * into an upload are sent together, and come through in a later slice. `fresh`: what was read a moment ago.
 */
export async function pushRecords(
  slice: Slice,
  entity: Entity,
  progress: RunEntityType,
  theirs: readonly TheirRecord[],
  fresh?: ReadonlyMap<string, LatestRecord>,
): Promise<Pushed> {
  const { customerId, integrationId, runId } = slice.run;
  const { entityType } = entity;
  const known = await readIntended(slice, entity, theirs);
  const { candidates, unreadable } = await readCandidates(slice, entity, theirs, known, fresh);
  const inDoubt = await readInDoubt(slice, entity, candidates);
  const intents = new Map<Candidate, Push>();
  for (const one of candidates) {
    if (isWritable(entity, one.merged)) intents.set(one, intentOf(slice, entity, one.merged, one.latest));
  }
  const free = [...intents].filter(([, intent]) => !isBlocked(entity, intent, inDoubt));
  const together = free.filter(([, intent]) => isUploaded(slice, entity, intent));
  const { uploaded, refused } = await toRows(
    slice,
    entity,
    together.map(([candidate, intent]) => ({ candidate, intent })),
  );
  const refusedIds = new Set(refused.map(({ theirs }) => theirs.recordId));
  const sent = free.flatMap(([, intent]) => (refusedIds.has(intent.recordId) ? [] : [intent]));
  const batch = uploaded.length === 0 ? undefined : unsentBatch(slice, uploaded);
  if (sent.length > 0) {
    const creates = slice.settings.steps.persist ? sent.filter((intent) => isAssigned(entity, intent)) : [];
    await commit(slice, (transaction) => {
      putPushes(transaction, sent);
      putPendingCreates(
        transaction,
        creates.map(({ recordId }) => ({ customerId, integrationId, entityType, recordId, runId })),
      );
      if (batch !== undefined) putRunEntityType(transaction, { ...progress, batch });
    });
  }
  const inUpload = new Set(together.map(([candidate]) => candidate));
  const alone = candidates.filter((candidate) => !inUpload.has(candidate));
  const settled = await Promise.allSettled(
    alone.map(async (candidate): Promise<PushedRecord> => {
      const intent = intents.get(candidate);
      if (intent !== undefined && isBlocked(entity, intent, inDoubt))
        return leaveInDoubt(slice, candidate, intent);
      if (intent !== undefined) return await sendRecord(slice, entity, candidate, intent);
      return concludeUnsent(slice, entity, candidate, known.get(candidate.merged.recordId));
    }),
  );
  const upload = batch && (await sendBatch(slice, entity, { ...progress, batch }, uploaded));
  const pushed = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const all = [...unreadable, ...refused, ...pushed, ...(upload?.pushed ?? [])];
  const byId = new Map(all.map((one) => [one.theirs.recordId, one]));
  const broken = settled.find((result) => result.status === 'rejected');
  const left = alone.filter((_one, index) => settled[index]?.status === 'rejected');
  const waiting = upload?.reason === undefined ? [] : uploaded;
  if (broken === undefined && waiting.length === 0) return { byId };
  return {
    byId,
    broken: {
      reason: broken?.reason ?? upload?.reason,
      recordIds: new Set([
        ...left.map(({ merged }) => merged.recordId),
        ...waiting.map(({ intent }) => intent.recordId),
      ]),
    },
    ...(upload?.batch === undefined ? {} : { batch: upload.batch }),
  };
}

function isUploaded(slice: Slice, entity: Entity, intent: Push): boolean {
  // What may not be stored is refused before it is sent.
  if (isAssigned(entity, intent) && !slice.settings.steps.persist) return false;
  return isBatched(slice.run, entity, intent.action as Action);
}

/** What earlier attempts of this run meant to write and did not come to conclude. */
async function readIntended(
  slice: Slice,
  { entityType }: Entity,
  theirs: readonly TheirRecord[],
): Promise<ReadonlyMap<string, Push>> {
  const { customerId, runId } = slice.run;
  const recordIds = theirs.map(({ recordId }) => recordId);
  const pushes = await readPushes(slice.worker.store, { customerId, runId, entityType }, recordIds);
  return new Map([...pushes].filter(([, { state }]) => state === 'intended'));
}

/**
 * The records that the merge has something for, or had in an earlier attempt, merged anew with what the vendor has at this moment.
 */
async function readCandidates(
  slice: Slice,
  entity: Entity,
  theirs: readonly TheirRecord[],
  known: ReadonlyMap<string, Push>,
  fresh: ReadonlyMap<string, LatestRecord> | undefined,
): Promise<{ readonly candidates: readonly Candidate[]; readonly unreadable: readonly PushedRecord[] }> {
  const { store } = slice.worker;
  const planned = (await mergeStaged(slice, entity, store, theirs)).filter(
    (one) => isWritable(entity, one) || known.has(one.recordId),
  );
  if (planned.length === 0) return { candidates: [], unreadable: [] };
  const unreadable: PushedRecord[] = [];
  const latest = await Promise.all(
    planned.map(async (merged): Promise<LatestRecord | undefined> => {
      const { recordId } = merged;
      try {
        return fresh?.get(recordId) ?? (await readOne(slice, entity, recordId));
      } catch (thrown) {
        const failure = toFailure(thrown);
        if (isRetryable(failure) || concernsTheRun(failure)) throw thrown;
        unreadable.push(refuseUnread(slice, entity, merged, failure));
        return undefined;
      }
    }),
  );
  const latestById = new Map(
    latest.flatMap((one) => (one === undefined ? [] : [[one.theirs.recordId, one]])),
  );
  const read = [...latestById.values()].map((one) => one.theirs);
  const candidates = (await mergeStaged(slice, entity, store, read)).map((merged) => ({
    merged,
    latest: latestById.get(merged.recordId) as LatestRecord,
  }));
  return { candidates, unreadable };
}

/** Records that an earlier attempt may have created, and nobody could find out. */
async function readInDoubt(
  slice: Slice,
  { entityType, write }: Entity,
  candidates: readonly Candidate[],
): Promise<ReadonlySet<string>> {
  if (write?.assignment === undefined) return new Set();
  const { customerId, integrationId } = slice.run;
  const recordIds = candidates.map(({ merged }) => merged.recordId);
  return await readPendingIds(slice.worker.store, { customerId, integrationId, entityType }, recordIds);
}

function isBlocked(entity: Entity, intent: Push, inDoubt: ReadonlySet<string>): boolean {
  return isAssigned(entity, intent) && inDoubt.has(intent.recordId);
}

function leaveInDoubt(slice: Slice, { latest }: Candidate, intent: Push): PushedRecord {
  const failure = new Failure(
    'push_rejected',
    'An earlier attempt may have created the record, and the list in which it would stand cannot be read',
    { data: { recordId: intent.recordId } },
  );
  const push: Push = {
    ...intent,
    state: 'unverified',
    failure: recordFailure(failure),
    finishedAt: isoNow(slice),
  };
  return { theirs: latest.theirs, push };
}

/** What cannot be read is not written: nobody knows what the write would undo. */
function refuseUnread(slice: Slice, entity: Entity, merged: MergedRecord, failure: Failure): PushedRecord {
  const { theirs } = merged;
  const latest = { theirs, raw: undefined };
  const push: Push = {
    ...intentOf(slice, entity, merged, latest),
    state: 'refused',
    failure: recordFailure(failure),
    finishedAt: isoNow(slice),
  };
  return { theirs, push };
}

function intentOf(slice: Slice, { entityType }: Entity, merged: MergedRecord, latest: LatestRecord): Push {
  const { recordId, stored, ours, merge } = merged;
  const { customerId, runId } = slice.run;
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

/** A record that is not sent: an earlier attempt has sent it, which shows in what was read, or the vendor has it by itself. */
function concludeUnsent(
  slice: Slice,
  entity: Entity,
  { merged, latest }: Candidate,
  known: Push | undefined,
): PushedRecord {
  const { theirs } = latest;
  if (known === undefined) return { theirs };
  return {
    theirs: { ...theirs, sent: sentOf(known) },
    push: concludePush(slice, entity, merged.stored, latest, known),
  };
}
