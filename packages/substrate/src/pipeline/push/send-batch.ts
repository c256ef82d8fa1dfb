import { Failure, isRetryable, toFailure } from '../../failure/failure.ts';
import { type BatchProgress, putRunEntityType, type RunEntityType } from '../../store/runs.ts';
import type { BatchWrite } from '../../vendor/batch-write.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { recordFailure } from '../record-failure.ts';
import { commit, isoNow, type Slice, sliceWaits } from '../slice.ts';
import { sentOf } from './conclude-push.ts';
import type { PushedRecord } from './push-records.ts';
import { concernsTheRun } from './read-one.ts';
import { sendWrite } from './send-record.ts';
import type { Uploaded } from './to-rows.ts';

export interface SentBatch {
  /** What became of the records, where the vendor did not take the upload. */
  readonly pushed?: readonly PushedRecord[];
  /** Why nothing is known of them yet. */
  readonly reason?: unknown;
  readonly batch?: BatchProgress;
}

const usualPollSeconds = 15;
const longestPollSeconds = 300;

export function pollMs({ pollSeconds = usualPollSeconds }: Pick<BatchWrite, 'pollSeconds'>): number {
  return Math.min(Math.max(pollSeconds, 1), longestPollSeconds) * 1_000;
}

/** As it is committed with its intents, before it is sent. */
export function unsentBatch(slice: Slice, uploaded: readonly Uploaded[]): BatchProgress {
  const recordIds = uploaded.map(({ intent }) => intent.recordId);
  return { recordIds, sentAt: isoNow(slice), jobId: null, percent: null };
}

/**
 * Sends records in one upload and commits the id of the vendor's job, which a later slice asks for. A refusal of the upload is one of each
 * record, with the vendor's exact answer.
 */
export async function sendBatch(
  slice: Slice,
  entity: Entity,
  progress: RunEntityType & { readonly batch: BatchProgress },
  uploaded: readonly Uploaded[],
): Promise<SentBatch> {
  const write = entity.write?.batch as BatchWrite;
  try {
    const rows = uploaded.map(({ row }) => row);
    const response = await sendWrite(slice, write.request(rows, slice.connection));
    const jobId = write.job.idIn(response.json());
    if (jobId === undefined) {
      throw new Failure('vendor_answer_invalid', 'The vendor took an upload and did not say under which id', {
        data: { status: response.status },
      });
    }
    const batch = { ...progress.batch, jobId };
    await commit(slice, (transaction) => putRunEntityType(transaction, { ...progress, batch }));
    return { batch, reason: waitForJob(write, batch) };
  } catch (thrown) {
    const failure = toFailure(thrown);
    // It may have arrived: the next slice finds out.
    if (isRetryable(failure) || concernsTheRun(failure)) return { batch: progress.batch, reason: thrown };
    return { pushed: uploaded.map((one) => refuse(slice, one, failure)) };
  }
}

export function waitForJob(write: BatchWrite, { jobId, percent }: BatchProgress): Failure {
  const data = { jobId, percent };
  return sliceWaits(pollMs(write), 'The vendor has not finished an upload', data);
}

function refuse(slice: Slice, { candidate, intent }: Uploaded, failure: Failure): PushedRecord {
  // Only a plain refusal says that nothing was written.
  const state = failure.code === 'push_rejected' ? 'refused' : 'unverified';
  return {
    theirs: { ...candidate.latest.theirs, sent: sentOf(intent) },
    push: { ...intent, state, failure: recordFailure(failure), finishedAt: isoNow(slice) },
  };
}
