import { Failure } from '../../failure/failure.ts';
import { readLease } from '../../store/leases.ts';
import { listOpenRuns, type Run, readRun } from '../../store/runs.ts';
import type { RunStarter } from '../parts.ts';
import { endHeld } from './hold-run.ts';
import { enqueueNextSlice, enqueueSlice } from './start-run.ts';

/** A run that is due and has committed nothing for this long, beyond its lease and any back-off of the queue, has lost its task. */
const silenceMs = 30 * 60_000;
const pageSize = 100;

export interface Sweep {
  readonly open: number;
  /** Runs whose task was missing and has been created again. */
  readonly revived: number;
}

/**
 * Finds a vendor's open runs whose task is gone: the row was committed and the task never created, or it died in the queue. Creating a task
 * that exists is a no-op, so sweeping too often does no harm.
 */
export async function sweepRuns(starter: RunStarter, vendorId: string): Promise<Sweep> {
  let open = 0;
  let revived = 0;
  let after: Run | undefined;
  for (;;) {
    const page = await listOpenRuns(starter.store, vendorId, after, pageSize);
    for (const run of page) if (await revive(starter, run)) revived++;
    open += page.length;
    after = page.at(-1);
    if (page.length < pageSize) return { open, revived };
  }
}

async function revive(starter: RunStarter, run: Run): Promise<boolean> {
  if (run.state === 'held') {
    await expireOverdue(starter, run);
    return false;
  }
  if (await enqueueSlice(starter, run)) return true;
  if (!(await isSilent(starter, run))) return false;
  // The slice's task name is used up, so the run moves to the next one.
  return await enqueueNextSlice(starter, run);
}

/** Ends a held run that nobody has decided on in time. */
async function expireOverdue({ store, clock }: RunStarter, { customerId, runId }: Run): Promise<void> {
  await store.transaction(async (transaction) => {
    const run = await readRun(transaction, customerId, runId);
    if (run.state !== 'held' || run.dueAt === null || Date.parse(run.dueAt) > clock.now()) return;
    const failure = new Failure('limit_exceeded', 'Nobody decided on the held run in time', {
      data: { heldSince: run.heldSince, dueAt: run.dueAt },
    });
    const now = new Date(clock.now()).toISOString();
    // Nobody decided: then nobody knows.
    endHeld(transaction, run, 'expired', now, failure, now);
  });
}

async function isSilent({ store, clock }: RunStarter, run: Run): Promise<boolean> {
  const lease = await readLease(store, run.customerId, run.integrationId);
  const signs = [run.openSince, run.dueAt, lease?.runId === run.runId ? lease.expiresAt : null];
  const lastSign = Math.max(...signs.filter((sign) => sign !== null).map((sign) => Date.parse(sign)));
  return clock.now() - lastSign > silenceMs;
}
