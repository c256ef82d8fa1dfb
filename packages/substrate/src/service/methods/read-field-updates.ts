import type { FieldUpdates } from '../../report/find-noise.ts';
import { listRuns } from '../../store/list-runs.ts';
import { type Run, type RunEntityType, runEntityTypes } from '../../store/runs.ts';
import type { Store } from '../../store/schema.ts';

/** Enough to see what changes every time, though some of them were for single records or other entity types. */
const earlierRuns = 12;

/** How often fields changed in this run and in those before it, latest first: of the runs that looked at whole sets. */
export async function readFieldUpdates(
  store: Store,
  run: Run,
  progress: readonly RunEntityType[],
): Promise<readonly (readonly FieldUpdates[])[]> {
  const own = progress.filter(isWhole).map(toFieldUpdates);
  if (!looksAtWholeSets(run) || own.every(({ fields }) => Object.keys(fields).length === 0)) return [];
  const { customerId, integrationId } = run;
  const earlier = await listRuns(store, {
    customerId,
    integrationId,
    states: ['succeeded', 'partial'],
    after: run,
    limit: earlierRuns,
  });
  const counted = earlier.filter(looksAtWholeSets);
  if (counted.length === 0) return [own];
  const rows = await store.scanMany(
    runEntityTypes,
    counted.map(({ runId }) => ({ customerId, runId })),
    { columns: ['runId', 'entityType', 'stage', 'window', 'counts', 'stored', 'fieldUpdates'] },
  );
  return [
    own,
    ...counted.map(({ runId }) =>
      rows.filter((row) => row.runId === runId && isWhole(row)).map(toFieldUpdates),
    ),
  ];
}

function looksAtWholeSets({ isDryRun, recordIds, reverts }: Run): boolean {
  return !isDryRun && recordIds.length === 0 && reverts === null;
}

function isWhole({ stage, window }: Pick<RunEntityType, 'stage' | 'window'>): boolean {
  return stage === 'done' && window === null;
}

function toFieldUpdates({
  entityType,
  counts,
  stored,
  fieldUpdates,
}: Pick<RunEntityType, 'entityType' | 'counts' | 'stored' | 'fieldUpdates'>): FieldUpdates {
  return { entityType, updated: counts.updated, stored, fields: fieldUpdates };
}
