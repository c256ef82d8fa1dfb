import { type EntityType, entityTypeNames, volatilePointers } from '../../model/entity-types.ts';
import { keptRecordName } from '../../model/record-name.ts';
import { plannedName } from '../../report/planned-name.ts';
import type { ReportSource } from '../../report/report-source.ts';
import { buildReport, type RunReport } from '../../report/run-report.ts';
import { type RecordedChange, readRunChanges } from '../../store/changes.ts';
import { listOpenConflicts, type StoredConflict } from '../../store/conflicts.ts';
import { listPlannedChanges } from '../../store/planned-changes.ts';
import { listPushes, type Push } from '../../store/pushes.ts';
import { listQuarantined } from '../../store/quarantine.ts';
import { readRecordNames } from '../../store/records.ts';
import { type Run, type RunEntityType, readRunEntityTypes } from '../../store/runs.ts';
import type { Store } from '../../store/schema.ts';
import { readFieldUpdates } from './read-field-updates.ts';
import { readLaterReverts } from './read-later-reverts.ts';
import { readLaterSuccess } from './read-later-success.ts';

export interface ReportOptions {
  /** At most so many of each kind. */
  readonly changes: number;
  readonly problems: number;
  /** Where the dashboard is, for links. */
  readonly dashboardUrl?: string | undefined;
}

const scanSize = 500;
/** Pushes looked through for one report, in pages. */
const mostPages = 40;

/** A run's report. */
export async function readReport(store: Store, run: Run, options: ReportOptions): Promise<RunReport> {
  return buildReport(await readReportSource(store, run, options));
}

/** Everything that a run's report is made from. */
async function readReportSource(
  store: Store,
  run: Run,
  { changes, problems, dashboardUrl }: ReportOptions,
): Promise<ReportSource> {
  const progress = inOrder(await readRunEntityTypes(store, run.customerId, run.runId));
  const [quarantined, changed, pushed, conflicts, planned, fieldUpdates, laterReverts, laterSuccess] =
    await Promise.all([
      problems === 0 ? [] : listQuarantined(store, run, problems),
      readRunChanges(store, run, changes),
      readPushes(store, run, progress, changes, problems),
      readConflicts(store, run, problems),
      changes === 0 ? [] : listPlannedChanges(store, run, undefined, changes),
      readFieldUpdates(store, run, progress),
      readLaterReverts(store, run),
      readLaterSuccess(store, run),
    ]);
  return {
    run,
    entityTypes: progress,
    quarantined,
    changes: changed,
    pushes: pushed.pushes,
    pushesUnknown: pushed.unknown,
    laterSuccess,
    laterReverts,
    conflicts,
    planned,
    names: await readNames(store, run, [
      ...quarantined,
      ...conflicts,
      ...planned.map((one) => ({ ...one, name: plannedName(one) })),
      ...changed.map(nameChanged),
      ...pushed.pushes.map(nameChanged),
    ]),
    volatilePointers,
    fieldUpdates,
    dashboardUrl: dashboardUrl ?? null,
  };
}

interface RecordToName {
  readonly entityType: string;
  readonly recordId: string | null;
  /** As it is called in the run: of one that is not stored, or no more. */
  readonly name?: string | null;
}

function nameChanged({
  entityType,
  recordId,
  before,
  after,
}: Pick<RecordedChange, 'entityType' | 'recordId' | 'before' | 'after'>): RecordToName {
  return { entityType, recordId, name: keptRecordName(after ?? before) };
}

/** What people call these records now, or called them in the run. */
async function readNames(
  store: Store,
  { customerId, integrationId }: Run,
  wanted: readonly RecordToName[],
): Promise<ReportSource['names']> {
  // What is quarantined may have an id that no stored record can have.
  const keys = wanted.flatMap(({ entityType, recordId }) =>
    recordId === null || recordId.length > 255 ? [] : [{ customerId, integrationId, entityType, recordId }],
  );
  const names = new Map<string, Map<string, string>>();
  for (const { entityType, recordId, name } of [...wanted, ...(await readRecordNames(store, keys))]) {
    if (recordId === null || name === null || name === undefined) continue;
    names.set(entityType, (names.get(entityType) ?? new Map<string, string>()).set(recordId, name));
  }
  return names;
}

/** As the run worked on them. Those of the same millisecond stand in dependency order, as every vendor lists them. */
export function inOrder(progress: ReadonlyMap<EntityType, RunEntityType>): readonly RunEntityType[] {
  const rank = (entityType: string) => entityTypeNames.indexOf(entityType as EntityType);
  return [...progress.values()].toSorted(
    (a, b) => a.startedAt.localeCompare(b.startedAt) || rank(a.entityType) - rank(b.entityType),
  );
}

/** Those that failed before all others: they are what somebody must see. Then those of which nobody knows what came, and how many those are. */
async function readPushes(
  store: Store,
  run: Run,
  progress: readonly RunEntityType[],
  limit: number,
  problems: number,
): Promise<{ readonly pushes: readonly Push[]; readonly unknown: number }> {
  const sum = (name: 'pushFailed' | 'pushCreated' | 'pushUpdated' | 'pushDeleted') =>
    progress.reduce((total, { counts }) => total + counts[name], 0);
  const wantedFailures = Math.min(sum('pushFailed'), problems);
  const wantedOthers = Math.min(sum('pushCreated') + sum('pushUpdated') + sum('pushDeleted'), limit);
  // Only a run that was broken off leaves intents without an outcome. No count has them, so all are looked through.
  const isBroken = run.state === 'failed';
  const failed: Push[] = [];
  const open: Push[] = [];
  const others: Push[] = [];
  let unknown = 0;
  let after: Push | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const isWanted = isBroken || failed.length < wantedFailures || others.length < wantedOthers;
    if (!isWanted) break;
    const found = await listPushes(store, run, after, scanSize);
    for (const push of found) {
      const isOpen = isBroken && push.state === 'intended';
      if (isOpen) unknown += 1;
      const [list, wanted] =
        push.failure !== null ? [failed, wantedFailures] : isOpen ? [open, limit] : [others, wantedOthers];
      if (list.length < wanted) list.push(push);
    }
    after = found.at(-1);
    if (found.length < scanSize) break;
  }
  return { pushes: [...failed, ...open, ...others.slice(0, Math.max(0, limit - open.length))], unknown };
}

/** Those of the integration that waited when the run ended and wait still. */
async function readConflicts(store: Store, run: Run, limit: number): Promise<readonly StoredConflict[]> {
  const found: StoredConflict[] = [];
  let after: StoredConflict | undefined;
  while (found.length < limit) {
    const page = await listOpenConflicts(store, run.customerId, after, scanSize);
    const own = page.filter(
      (conflict) =>
        conflict.integrationId === run.integrationId &&
        (run.entityTypes.length === 0 || run.entityTypes.includes(conflict.entityType)) &&
        (run.finishedAt === null || conflict.foundAt <= run.finishedAt),
    );
    found.push(...own.slice(0, limit - found.length));
    after = page.at(-1);
    if (page.length < scanSize) break;
  }
  return found;
}
