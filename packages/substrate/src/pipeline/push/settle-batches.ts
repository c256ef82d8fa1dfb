import { Failure, isRetryable, toFailure } from '../../failure/failure.ts';
import type { EntityType } from '../../model/entity-types.ts';
import { type Push, readPushes } from '../../store/pushes.ts';
import { readRecords, type StoredRecord } from '../../store/records.ts';
import { type BatchProgress, putRunEntityType, type RunEntityType } from '../../store/runs.ts';
import type { BatchWrite, JobFailure, JobState } from '../../vendor/batch-write.ts';
import { toRequest } from '../../vendor/collection-request.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { commitApplied } from '../apply/commit-applied.ts';
import { deletedHash } from '../fetch/read-page.ts';
import { recordFailure } from '../record-failure.ts';
import { commit, isoNow, type Slice, sliceWaits } from '../slice.ts';
import { concludePush, sentOf } from './conclude-push.ts';
import type { PushedRecord } from './push-records.ts';
import { concernsTheRun, readOne } from './read-one.ts';
import { pollMs, waitForJob } from './send-batch.ts';
import { findAssigned } from './settle-creates.ts';
import { isAssigned } from './writable.ts';

/** An upload of which nobody knows whether it was sent is given so many polls' time before it is looked for and sent again. */
const lostPolls = 10;

/**
 * Looks how far the vendor is with uploads of this run. One under way ends the slice, and the next one looks again; of one that is done each
 * record is read, and what became of it committed.
 */
export async function settleBatches(slice: Slice, progress: Map<EntityType, RunEntityType>): Promise<void> {
  for (const entity of slice.vendor.entities) {
    const each = progress.get(entity.entityType);
    if (each != null && each.batch !== null)
      progress.set(entity.entityType, await settleBatch(slice, entity, each, each.batch));
  }
}

async function settleBatch(
  slice: Slice,
  entity: Entity,
  progress: RunEntityType,
  batch: BatchProgress,
): Promise<RunEntityType> {
  const write = entity.write?.batch;
  if (batch.jobId === null || write === undefined)
    return await giveUpLost(slice, write ?? {}, progress, batch);
  const job = await readJob(slice, write, batch.jobId);
  if (job.state === 'done') return await concludeBatch(slice, entity, progress, batch, job.failures);
  const next = { ...batch, percent: job.progress ?? batch.percent };
  await commit(slice, (transaction) => putRunEntityType(transaction, { ...progress, batch: next }));
  throw waitForJob(write, next);
}

/**
 * The records of an upload that may have been sent are looked at one by one, as after any write whose outcome is not known, and sent again
 * where they did not arrive: not at once, since the vendor may be at work on them.
 */
async function giveUpLost(
  slice: Slice,
  write: Pick<BatchWrite, 'pollSeconds'>,
  progress: RunEntityType,
  { sentAt }: BatchProgress,
): Promise<RunEntityType> {
  const waitMs = Date.parse(sentAt) + lostPolls * pollMs(write) - slice.worker.clock.now();
  if (waitMs > 0) throw sliceWaits(waitMs, 'An upload may be under way that nobody knows of', { sentAt });
  const next = { ...progress, batch: null };
  await commit(slice, (transaction) => putRunEntityType(transaction, next));
  return next;
}

async function readJob({ client, connection }: Slice, { job }: BatchWrite, jobId: string): Promise<JobState> {
  const response = await client.request({ ...toRequest(job.at(jobId, connection)), tolerate: [404, 410] });
  if (response.status === 404 || response.status === 410)
    return { state: 'done', failures: [{ message: 'The vendor does not know the job any more' }] };
  return (
    job.read(response.json()) ?? {
      state: 'done',
      failures: [{ message: 'The job says nothing that is known' }],
    }
  );
}

async function concludeBatch(
  slice: Slice,
  entity: Entity,
  progress: RunEntityType,
  { recordIds }: BatchProgress,
  failures: readonly JobFailure[],
): Promise<RunEntityType> {
  const { customerId, integrationId, runId } = slice.run;
  const { entityType } = entity;
  const { store } = slice.worker;
  const all = await readPushes(store, { customerId, runId, entityType }, recordIds);
  const pushes = [...all.values()].filter(({ state }) => state === 'intended');
  const stored = await readRecords(store, { customerId, integrationId, entityType }, recordIds);
  const assigned = await findAssigned(
    slice,
    entity,
    pushes.filter((push) => isAssigned(entity, push)),
  );
  const said = wordsById(recordIds, failures);
  const concluded = await Promise.all(
    pushes.map(async (push) => {
      const found = { ...push, assignedId: assigned.get(push.recordId) ?? push.assignedId };
      const record = stored.get(push.recordId);
      return withWords(await concludeOne(slice, entity, record, found), said(push.recordId));
    }),
  );
  return await commitApplied(
    slice,
    entity,
    { ...progress, batch: null },
    concluded.map(({ theirs }) => theirs),
    concluded.map(({ push }) => push),
  );
}

type Concluded = Required<PushedRecord>;

/** What became of a record that was in an upload, by what is read of it now. */
async function concludeOne(
  slice: Slice,
  entity: Entity,
  stored: StoredRecord | undefined,
  push: Push,
): Promise<Concluded> {
  const { recordId, assignedId } = push;
  const before = {
    recordId,
    value: push.before,
    hash: push.before === null ? deletedHash : slice.mergeOf(entity).hash(push.before),
  };
  try {
    if (isAssigned(entity, push) && assignedId === null) {
      throw new Failure(
        'vendor_answer_invalid',
        'The upload is done, and the record is not among those that the vendor has',
        {
          data: { recordId },
        },
      );
    }
    const latest = await readOne(slice, entity, assignedId ?? recordId);
    const theirs = { ...latest.theirs, recordId, sent: sentOf(push) };
    return { theirs, push: concludePush(slice, entity, stored, latest, push) };
  } catch (thrown) {
    const failure = toFailure(thrown);
    if (isRetryable(failure) || concernsTheRun(failure)) throw thrown;
    return {
      theirs: { ...before, sent: sentOf(push) },
      push: { ...push, state: 'unverified', failure: recordFailure(failure), finishedAt: isoNow(slice) },
    };
  }
}

/** A record that did not arrive was refused if the vendor has said something of it. */
function withWords({ theirs, push }: Concluded, messages: readonly string[]): Concluded {
  if (push.state !== 'unverified' || messages.length === 0) return { theirs, push };
  const failure = new Failure('push_rejected', 'The vendor did not take the record out of the upload', {
    data: { answer: messages.join('\n') },
  });
  return { theirs, push: { ...push, state: 'refused', failure: recordFailure(failure) } };
}

/** What was said of each record; of one of which nothing was, what was said of all. */
function wordsById(
  recordIds: readonly string[],
  failures: readonly JobFailure[],
): (recordId: string) => readonly string[] {
  const own = Map.groupBy(failures, ({ of }) => (typeof of === 'number' ? recordIds[of] : of));
  const ofAll = own.get(undefined) ?? [];
  return (recordId) => (own.get(recordId) ?? ofAll).map(({ message }) => message);
}
