import { hash, randomUUID } from 'node:crypto';
import { Failure, isFailure } from '../../failure/failure.ts';
import type { EntityType } from '../../model/entity-types.ts';
import type { ChosenSettings } from '../../settings/integration-settings.ts';
import { readIntegration, readVendorIntegration } from '../../store/integrations.ts';
import { findRun, insertRun, type Run, readRun, updateRun } from '../../store/runs.ts';
import type { StoreTransaction } from '../../store/schema.ts';
import { type Context, queueName } from '../../vendor/define-vendor.ts';
import { type RunStarter, runSliceTask } from '../parts.ts';

export interface RunRequest {
  readonly customerId: string;
  readonly integrationId: string;
  /** Where given, an integration of another vendor is `not_found`. */
  readonly vendor?: string;
  readonly context: Context;
  /** The method that asks, by its wire name. */
  readonly method: string;
  /** Empty: all that the vendor has. */
  readonly entityTypes: readonly EntityType[];
  /** Only these records of the one entity type; left out: the whole set. */
  readonly recordIds?: readonly string[];
  /** Plans and shows what it would do, and does nothing. */
  readonly isDryRun?: boolean;
  /** Fetches everything whole, though the vendor may tell what changed. */
  readonly isFull?: boolean;
  /** The run whose changes are to be taken back. */
  readonly reverts?: string;
  /** The same key for the same integration and method starts one run only, however often it is asked for. */
  readonly idempotencyKey?: string;
  /** The night whose fan-out asks. */
  readonly night?: string;
  /** Who asks: an account, or the name of a local token. */
  readonly requestedBy?: string;
  /** Why: at most 1,000 characters. */
  readonly reason?: string;
  /** Not before this time, in milliseconds since 1970. */
  readonly startAt?: number;
}

export interface StartedRun {
  readonly runId: string;
  /** False: a run of this idempotency key was there already. */
  readonly created: boolean;
}

type Alongside = (transaction: StoreTransaction, run: Run) => void;

/**
 * Queues a run: commits its row first, then its task, whose name follows from the run, so that whoever finds the row without a task may
 * create it again. Fails with `not_found` for an unknown integration, `invalid_params` for a paused one, `config_invalid` for one whose
 * vendor has no service. `alongside` buffers what is to be committed with the row of a new run, and only then.
 */
export async function startRun(
  starter: RunStarter,
  request: RunRequest,
  alongside: Alongside = () => undefined,
): Promise<StartedRun> {
  const runId =
    request.idempotencyKey === undefined ? randomUUID() : deriveRunId(request, request.idempotencyKey);
  const { run, created } = await insertOnce(starter, request, runId, alongside);
  await enqueueSlice(starter, run);
  return { runId, created };
}

/** Creates the task of the run's present slice, due when the row says. A no-op where it exists. Answers whether it was created. */
export async function enqueueSlice(
  starter: Pick<RunStarter, 'tasks' | 'serviceUrl'>,
  run: Pick<Run, 'customerId' | 'runId' | 'slice' | 'vendor' | 'context' | 'dueAt'>,
): Promise<boolean> {
  const { customerId, runId, slice, vendor, context, dueAt } = run;
  const { created } = await starter.tasks.enqueue({
    queue: queueName(vendor, context as Context),
    // A run's id is random at its start, so names spread as Cloud Tasks wants them to.
    name: `${runId}-${slice}`,
    url: `${starter.serviceUrl(vendor)}/tasks/${runSliceTask}`,
    body: { customerId, runId, slice },
    ...(dueAt === null ? {} : { scheduleAt: Date.parse(dueAt) }),
  });
  return created;
}

/**
 * Moves a run on from the slice that `run` shows, and queues the next one. The row moves first: then the present task is stale, and the
 * sweeper can make up for a lost one. False where the run has moved, ended or been held meanwhile.
 */
export async function enqueueNextSlice(
  starter: RunStarter,
  run: Run,
  scheduleAt = starter.clock.now(),
): Promise<boolean> {
  const next = { slice: run.slice + 1, dueAt: new Date(scheduleAt).toISOString() };
  const moved = await starter.store.transaction(async (transaction) => {
    const current = await readRun(transaction, run.customerId, run.runId);
    if (current.slice !== run.slice || current.openSince === null || current.state === 'held') return false;
    updateRun(transaction, run, next);
    return true;
  });
  if (moved) await enqueueSlice(starter, { ...run, ...next });
  return moved;
}

async function insertOnce(
  starter: RunStarter,
  request: RunRequest,
  runId: string,
  alongside: Alongside,
): Promise<{ readonly run: Run; readonly created: boolean }> {
  const { store } = starter;
  try {
    return await store.transaction(async (transaction) => {
      const existing = await findRun(transaction, request.customerId, runId);
      if (existing !== undefined) return { run: existing, created: false };
      const run = await insertQueuedRun(starter, transaction, request, runId);
      alongside(transaction, run);
      return { run, created: true };
    });
  } catch (thrown) {
    // Somebody asked at the same moment.
    if (!isFailure(thrown, 'already_exists')) throw thrown;
    return { run: await readRun(store, request.customerId, runId), created: false };
  }
}

/**
 * Buffers the row of a run that may be started, and answers it: once the commit is through its slice is to be queued (`enqueueSlice`), or
 * the sweeper does it. Fails as `startRun`.
 */
export async function insertQueuedRun(
  starter: Pick<RunStarter, 'clock' | 'serviceUrl'>,
  transaction: StoreTransaction,
  request: RunRequest,
  runId: string,
): Promise<Run> {
  const { run, settings } = await queueRun(starter, transaction, request, runId);
  insertRun(transaction, run, settings);
  return run;
}

async function queueRun(
  { clock, serviceUrl }: Pick<RunStarter, 'clock' | 'serviceUrl'>,
  transaction: StoreTransaction,
  request: RunRequest,
  runId: string,
): Promise<{ readonly run: Run; readonly settings: ChosenSettings }> {
  const { customerId, integrationId, vendor, context, method, entityTypes, night, startAt } = request;
  const integration =
    vendor === undefined
      ? await readIntegration(transaction, customerId, integrationId)
      : await readVendorIntegration(transaction, customerId, integrationId, vendor);
  if (integration.state !== 'active') {
    throw new Failure('invalid_params', 'The integration is paused', {
      data: { customerId, integrationId, advice: 'Resume it first; until then no run starts.' },
    });
  }
  // Where nobody would work on it, no run is left behind.
  serviceUrl(integration.vendor);
  const now = new Date(clock.now()).toISOString();
  const run: Run = {
    customerId,
    runId,
    integrationId,
    vendor: integration.vendor,
    context,
    method,
    entityTypes,
    recordIds: request.recordIds ?? [],
    isDryRun: request.isDryRun ?? false,
    reverts: request.reverts ?? null,
    night: night ?? null,
    state: 'queued',
    slice: 0,
    openSince: now,
    leaseToken: null,
    dueAt: startAt === undefined ? null : new Date(startAt).toISOString(),
    requestedAt: now,
    requestedBy: request.requestedBy?.slice(0, mostRequester) ?? null,
    reason: request.reason ?? null,
    startedAt: null,
    finishedAt: null,
    firstSequence: null,
    lastSequence: null,
    failure: null,
    feedCursor: null,
    feedFrom: null,
    queue: null,
    isFull: request.isFull ?? false,
    heldSince: null,
    decision: null,
    noticeDueAt: null,
  };
  return { run, settings: integration.settings };
}

/** What the column holds. */
const mostRequester = 320;

/** A UUID (version 8, "custom") that follows from who asks for what. */
function deriveRunId({ customerId, integrationId, method }: RunRequest, key: string): string {
  const hex = hash('sha256', JSON.stringify([customerId, integrationId, method, key]), 'hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
