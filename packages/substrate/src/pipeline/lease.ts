import type { Clock } from '../clock/clock.ts';
import { Failure } from '../failure/failure.ts';
import type { Reader } from '../orm/database.ts';
import { type Lease, putLease, readLease } from '../store/leases.ts';
import { type Run, readRun, updateRun } from '../store/runs.ts';
import type { Store, StoreTransaction } from '../store/schema.ts';
import { discardUnfinished } from './run/discard-unfinished.ts';

/**
 * How long a run that shows no sign of life keeps other runs of its integration waiting. Each of its commits begins the time anew. Its own
 * tasks do not wait: they take over at once.
 */
export const leaseMs = 10 * 60_000;

/** The right to write an integration's data, as of one acquisition. */
export interface Fence {
  readonly customerId: string;
  readonly integrationId: string;
  readonly runId: string;
  readonly token: number;
}

/** Gives out the integration's next sequence number. */
export type NextSequence = () => number;

/**
 * Takes the lease for a run and marks the run as running. Whoever held it for the same run is fenced out by the new token. If another run
 * has worked since this one did, what this one has fetched and not yet stored is out of date: it is discarded, to be fetched again. Fails
 * with `lease_held`, and when to ask again, while another run holds it, and with `lease_lost` if the run has ended, was held or has moved on meanwhile.
 */
export function acquireLease(store: Store, clock: Clock, seen: Run): Promise<Fence> {
  const { customerId, integrationId, runId } = seen;
  return store.transaction(async (transaction) => {
    const now = clock.now();
    const run = await readRun(transaction, customerId, runId);
    if (run.openSince === null || run.slice !== seen.slice || run.state === 'held') throw lost(runId);
    const lease = await readLease(transaction, customerId, integrationId);
    const expiresIn = lease === undefined ? 0 : Date.parse(lease.expiresAt) - now;
    if (lease?.runId != null && lease.runId !== runId && expiresIn > 0) {
      throw new Failure('lease_held', 'Another run of this integration is under way', {
        data: { customerId, integrationId, runId: lease.runId },
        retryAfterMs: expiresIn,
      });
    }
    const isOvertaken = run.leaseToken !== null && run.leaseToken !== lease?.token;
    if (isOvertaken) await discardUnfinished(transaction, run);
    const token = (lease?.token ?? 0) + 1;
    const lastSequence = lease?.lastSequence ?? 0;
    putLease(transaction, {
      customerId,
      integrationId,
      runId,
      token,
      expiresAt: isoAfter(now, leaseMs),
      lastSequence,
    });
    updateRun(transaction, run, {
      state: 'running',
      leaseToken: token,
      // What changed up to a moment in the past is no news to whoever came by since: what is fetched anew is fetched whole.
      feedFrom: isOvertaken ? null : run.feedFrom,
      startedAt: run.startedAt ?? isoAfter(now, 0),
      firstSequence: run.firstSequence ?? lastSequence,
    });
    return { customerId, integrationId, runId, token };
  });
}

/**
 * Commits what `body` buffers if the lease is still ours, and prolongs the lease; fails with `lease_lost` otherwise, having written nothing.
 * `body` may run more than once.
 */
export function commitFenced<R>(
  store: Store,
  clock: Clock,
  fence: Fence,
  body: (transaction: StoreTransaction, nextSequence: NextSequence) => Promise<R> | R,
): Promise<R> {
  return store.transaction(async (transaction) => {
    const lease = await readHeldLease(transaction, fence);
    let { lastSequence } = lease;
    const result = await body(transaction, () => ++lastSequence);
    putLease(transaction, { ...lease, lastSequence, expiresAt: isoAfter(clock.now(), leaseMs) });
    return result;
  });
}

/** As `commitFenced`, and gives the lease back. */
export function commitAndRelease(
  store: Store,
  clock: Clock,
  fence: Fence,
  body: (transaction: StoreTransaction, lease: Lease) => Promise<void> | void,
): Promise<void> {
  return store.transaction(async (transaction) => {
    const lease = await readHeldLease(transaction, fence);
    await body(transaction, lease);
    putLease(transaction, { ...lease, runId: null, expiresAt: isoAfter(clock.now(), 0) });
  });
}

/** Buffers the giving out of the next sequence number to somebody who does not hold the lease, for one change in the same commit. */
export function takeSequence(
  transaction: StoreTransaction,
  lease: Lease | undefined,
  { customerId, integrationId }: Pick<Fence, 'customerId' | 'integrationId'>,
  now: string,
): number {
  const free: Lease = { customerId, integrationId, runId: null, token: 0, expiresAt: now, lastSequence: 0 };
  const current = lease ?? free;
  const lastSequence = current.lastSequence + 1;
  putLease(transaction, { ...current, lastSequence });
  return lastSequence;
}

/** Fails with `lease_lost` where another worker has taken the run over, or another run the integration. */
export async function assertHeld(store: Store, fence: Fence): Promise<void> {
  await readHeldLease(store, fence);
}

async function readHeldLease(reader: Reader, fence: Fence): Promise<Lease> {
  const lease = await readLease(reader, fence.customerId, fence.integrationId);
  if (lease !== undefined && lease.token === fence.token && lease.runId === fence.runId) return lease;
  throw lost(fence.runId);
}

function lost(runId: string): Failure {
  return new Failure('lease_lost', 'Another worker has taken this run over', { data: { runId } });
}

function isoAfter(now: number, ms: number): string {
  return new Date(now + ms).toISOString();
}
