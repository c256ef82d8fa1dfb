import { Failure } from '../failure/failure.ts';
import type { PageCursor } from '../http/paging.ts';
import type { EntityType } from '../model/entity-types.ts';
import { arrayOf, bool, date, int64, json, string, timestamp } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';
import type { RecordedFailure } from '../report/recorded-failure.ts';
import type { RunCounts } from '../report/run-counts.ts';
import { type ChosenSettings, IntegrationSettings } from '../settings/integration-settings.ts';
import type { Action, Direction } from '../settings/safety-limits.ts';
import { customers } from './customers.ts';
import type { FetchedEvidence, JoinProgress } from './list-progress.ts';

/**
 * `queued` waits for its first slice. `held`: over a safety limit, nothing is applied until somebody approves; then it is `queued` again, or
 * ends as `rejected` or `expired`. `unchanged`: the vendor's feed has nothing new. `succeeded` may still name quarantined records and
 * conflicts; `partial` left something undone.
 */
export const runStates = [
  'queued',
  'running',
  'held',
  'succeeded',
  'unchanged',
  'partial',
  'failed',
  'rejected',
  'expired',
] as const;
export type RunState = (typeof runStates)[number];

/** What a person said to a held run. */
export interface RunDecision {
  readonly decision: 'approved' | 'rejected';
  readonly by: string;
  readonly at: string;
  readonly reason: string | null;
  /** The limits that the plan was over when it was decided on, by entity type: so much is approved, and no more. */
  readonly exceeded: Readonly<Record<string, readonly ExceededLimit[]>>;
}

/** One execution for one integration. */
export const runs = defineTable('runs', {
  columns: {
    customerId: string(64),
    runId: string(64),
    integrationId: string(64),
    vendor: string(64),
    /** `nightly`, `realtime` or `manual`. */
    context: string(16),
    /** The method that asked for it: `rosters.sync.v1`. */
    method: string(100),
    /** What it was asked to sync; empty means all that the vendor has. */
    entityTypes: arrayOf(string(64)),
    /** Only these records of its one entity type; empty means the whole set. */
    recordIds: arrayOf(string(255)),
    /** Plans and shows what it would do; neither vendor nor store is written. */
    isDryRun: bool(),
    /** The run whose changes this one takes back. */
    reverts: string(64).nullable(),
    /** The night whose fan-out began it; null for other runs. */
    night: date().nullable(),
    state: string(16),
    /** Counts the tasks that worked on it: a task of an earlier slice is stale. */
    slice: int64(),
    /** Null once finished: the sweeper's index holds open runs only. */
    openSince: timestamp().nullable(),
    /** Under which the run last worked; null before its first slice. Not the lease's any more: another run has worked since. */
    leaseToken: int64().nullable(),
    /** The task of the present slice is due at this time; null: at once. Until then the run's silence means nothing. */
    dueAt: timestamp().nullable(),
    requestedAt: timestamp(),
    /** Who asked for it, an account or the name of a local token; null: a night did. */
    requestedBy: string(320).nullable(),
    /** Why, as far as that was said. */
    reason: string(1_000).nullable(),
    startedAt: timestamp().nullable(),
    finishedAt: timestamp().nullable(),
    /** Its changes lie in the integration's (firstSequence, lastSequence], among those of other runs if it was held up in between. */
    firstSequence: int64().nullable(),
    lastSequence: int64().nullable(),
    failure: json<RecordedFailure>().nullable(),
    /** Where the vendor's event feed stood when the run began; null where it has none, or has said nothing. */
    feedCursor: string('max').nullable(),
    /** Only what changed since then, up to `feedCursor`, is fetched where the vendor tells; null: everything is fetched whole. */
    feedFrom: string('max').nullable(),
    /** How far it has read the vendor's queue of changes away; null where there is none, or the run leaves it alone. */
    queue: json<QueueProgress>().nullable(),
    /** Asked to fetch everything whole, whatever the feed says. */
    isFull: bool(),
    /** Since when it waits for a person; null unless it is held. */
    heldSince: timestamp().nullable(),
    decision: json<RunDecision>().nullable(),
    /** Somebody may have to be told what became of it, and by then; null: nobody, or it is done. */
    noticeDueAt: timestamp().nullable(),
  },
  primaryKey: ['customerId', 'runId'],
  indexes: [
    {
      name: 'runs_by_integration',
      columns: ['customerId', 'integrationId', { column: 'requestedAt', descending: true }],
    },
    { name: 'runs_by_customer', columns: ['customerId', { column: 'requestedAt', descending: true }] },
    // Of years of runs few have failed: they are found without going through the others.
    { name: 'runs_by_state', columns: ['customerId', 'state', { column: 'requestedAt', descending: true }] },
    {
      name: 'runs_by_integration_and_state',
      columns: ['customerId', 'integrationId', 'state', { column: 'requestedAt', descending: true }],
    },
    { name: 'runs_by_night', columns: ['night'], nullFiltered: true },
    { name: 'runs_open', columns: ['vendor', 'openSince'], nullFiltered: true },
    { name: 'runs_held', columns: ['customerId', 'heldSince'], nullFiltered: true },
    { name: 'runs_noticed', columns: ['customerId', 'noticeDueAt'], nullFiltered: true },
  ],
});
export type Run = RowOf<typeof runs>;

/** The choices under which a run works, as they were when it was asked for: all its slices follow the same. */
export const runSettings = defineTable('run_settings', {
  columns: { customerId: string(64), runId: string(64), settings: json<ChosenSettings>() },
  primaryKey: ['customerId', 'runId'],
  interleaveIn: { parent: customers, onDelete: 'cascade' },
});

/**
 * Where an entity type stands in a run; the order is the order of work. Up to `planned` nothing is applied; a run goes beyond it only when
 * all its entity types have come so far and no safety limit holds it.
 */
export const stages = [
  'fetching',
  'comparing',
  'planning',
  'planned',
  'applying',
  'removing',
  'done',
  'failed',
  'skipped',
] as const;

/** From one cursor of the vendor's feed to another. */
export interface FeedWindow {
  readonly from: string;
  readonly to: string;
}

/** An upload with many records, which the vendor works on by itself. What was sent of each is its push. */
export interface BatchProgress {
  /** In the order in which they were sent. */
  readonly recordIds: readonly string[];
  readonly sentAt: string;
  /** Null: nobody knows whether it was sent. */
  readonly jobId: string | null;
  /** In percent, as last heard of; null where the vendor has not said. */
  readonly percent: number | null;
}

/** How far a run has read the vendor's queue of changes away. */
export interface QueueProgress {
  /** Pages that are kept of it. */
  readonly pages: number;
  /** Of several queues the one that was read last, by the digest of what is asked for; null before the first. */
  readonly list: string | null;
  /** Where that one goes on; null: it is empty. */
  readonly cursor: PageCursor | null;
  /** All are empty, or cannot be read. */
  readonly isDone: boolean;
  /** Present where one could not be read: what it would have told is not known. */
  readonly isUnreadable?: true;
}

/** How many records a run means to change in one way. */
export type PlannedCounts = Readonly<Record<Direction, Readonly<Record<Action, number>>>>;

/** A safety limit that the plan is over. */
export interface ExceededLimit {
  readonly direction: Direction;
  readonly action: Action;
  /** Present where the limit is one within a school. */
  readonly school?: string;
  readonly planned: number;
  readonly allowed: number;
  readonly stored: number;
}

/** What planning found: counted without being applied. */
export interface EntityTypePlan {
  readonly counts: PlannedCounts;
  /** The same within each school; schools without changes are left out. */
  readonly bySchool: Readonly<Record<string, PlannedCounts>>;
  readonly conflicts: number;
  readonly exceeded: readonly ExceededLimit[];
  /**
   * Where only changes were fetched: how many records each school has by the plan, of the schools that it touches. Left out where they were
   * not counted, since no limit could be exceeded; of a whole set, what came of each school says it.
   */
  readonly schoolSizes?: Readonly<Record<string, number>>;
}

/** How far one entity type has come in a run: the checkpoint, counts and evidence together. */
export const runEntityTypes = defineTable('run_entity_types', {
  columns: {
    customerId: string(64),
    runId: string(64),
    entityType: string(64),
    stage: string(16),
    /** The part of the feed that is fetched; null: the whole set is. */
    window: json<FeedWindow>().nullable(),
    /** The next page to fetch; null before the first and after the last. */
    cursor: json<PageCursor>().nullable(),
    pages: int64(),
    /** The pages with which its lists were begun anew, since the vendor had forgotten a cursor: what came before the last of them is void. */
    restarts: json<readonly number[]>(),
    /** What the pages so far say about the list's completeness. */
    evidence: json<FetchedEvidence>().nullable(),
    /** The last record id that the stage has dealt with. */
    position: string('max').nullable(),
    counts: json<RunCounts>(),
    /** In how many of the updated records a field was another, by JSON Pointer: of the fields that changed most. */
    fieldUpdates: json<Readonly<Record<string, number>>>(),
    /** Records that were stored before. */
    stored: int64(),
    /** Null until it is planned, and where no limit could hold it: in a first sync, or where nothing much is limited. */
    plan: json<EntityTypePlan>().nullable(),
    /** Records that came of each school, by its id: what a limit within a school is measured by. */
    schools: json<Readonly<Record<string, number>>>(),
    /** The upload that the vendor is working on; null where there is none. */
    batch: json<BatchProgress>().nullable(),
    /** How far the lists are read that say more of its records, by their names. They are read before its own. */
    joins: json<Readonly<Record<string, JoinProgress>>>(),
    /** Why it failed, was skipped, or was not searched for what is gone. */
    failure: json<RecordedFailure>().nullable(),
    startedAt: timestamp(),
    finishedAt: timestamp().nullable(),
  },
  primaryKey: ['customerId', 'runId', 'entityType'],
  interleaveIn: { parent: runs, onDelete: 'cascade' },
});
export type RunEntityType = RowOf<typeof runEntityTypes>;

export function findRun(reader: Reader, customerId: string, runId: string): Promise<Run | undefined> {
  return reader.get(runs, { customerId, runId });
}

/** Fails with `not_found`. */
export async function readRun(reader: Reader, customerId: string, runId: string): Promise<Run> {
  const run = await findRun(reader, customerId, runId);
  if (run !== undefined) return run;
  throw new Failure('not_found', 'No such run', { data: { customerId, runId } });
}

/** Those that there are of these runs, by their ids. */
export async function readRuns(
  reader: Reader,
  customerId: string,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, Run>> {
  if (runIds.length === 0) return new Map();
  const keys = [...new Set(runIds)].map((runId) => ({ customerId, runId }));
  const rows = await reader.getMany(runs, keys);
  return new Map(rows.map((row) => [row.runId, row]));
}

export async function readRunEntityTypes(
  reader: Reader,
  customerId: string,
  runId: string,
): Promise<ReadonlyMap<EntityType, RunEntityType>> {
  const rows = await reader.scan(runEntityTypes, { prefix: { customerId, runId } });
  return new Map(rows.map((row) => [row.entityType as EntityType, row]));
}

/** The runs that a night's fan-out began, in order of customer. */
export function listNightRuns(
  reader: Reader,
  night: string,
  after: Run | undefined,
  limit: number,
): Promise<readonly Run[]> {
  return reader.scan(runs, {
    index: 'runs_by_night',
    prefix: { night },
    limit,
    ...(after === undefined ? {} : { after }),
  });
}

/** A customer's runs that wait for a person, longest first. */
export function listHeldRuns(
  reader: Reader,
  customerId: string,
  after: Run | undefined,
  limit: number,
): Promise<readonly Run[]> {
  return reader.scan(runs, {
    index: 'runs_held',
    prefix: { customerId },
    limit,
    ...(after === undefined ? {} : { after }),
  });
}

/** Runs of a vendor that are queued, running or held, oldest first: what the sweeper looks after. */
export function listOpenRuns(
  reader: Reader,
  vendor: string,
  after: Run | undefined,
  limit: number,
): Promise<readonly Run[]> {
  return reader.scan(runs, {
    index: 'runs_open',
    prefix: { vendor },
    limit,
    ...(after === undefined ? {} : { after }),
  });
}

/** The choices that hold for a run. */
export async function readRunSettings(
  reader: Reader,
  { customerId, runId }: Pick<Run, 'customerId' | 'runId'>,
): Promise<IntegrationSettings> {
  const row = await reader.get(runSettings, { customerId, runId });
  return IntegrationSettings.parse(row?.settings ?? {});
}

/** With the choices that hold for it. */
export function insertRun(transaction: Transaction, run: Run, settings: ChosenSettings = {}): void {
  const { customerId, runId } = run;
  transaction.insert(runs, run);
  transaction.insert(runSettings, { customerId, runId, settings });
}

export function updateRun(
  transaction: Transaction,
  run: Pick<Run, 'customerId' | 'runId'>,
  changes: Partial<Omit<Run, 'customerId' | 'runId'>>,
): void {
  const { customerId, runId } = run;
  transaction.update(runs, { customerId, runId, ...changes });
}

/** Forgets how far an entity type has come in a run. */
export function deleteRunEntityType(
  transaction: Transaction,
  { customerId, runId, entityType }: RunEntityType,
): void {
  transaction.delete(runEntityTypes, { customerId, runId, entityType });
}

export function putRunEntityType(transaction: Transaction, progress: RunEntityType): void {
  transaction.upsert(runEntityTypes, progress);
}
