import { Failure } from '../../failure/failure.ts';
import type { EntityType } from '../../model/entity-types.ts';
import type { FetchedEvidence } from '../../store/list-progress.ts';
import { putRunEntityType, readRunEntityTypes } from '../../store/runs.ts';
import { deleteStaged, scanStaged } from '../../store/staged-records.ts';
import { deletedHash } from '../fetch/read-page.ts';
import { recordFailure } from '../record-failure.ts';
import { commit, type Slice } from '../slice.ts';

/** Staged records read at a time. */
const chunkSize = 500;

/**
 * Takes back that records of an entity type are gone, since `namedBy` still names so many of `target`, which is that entity type or one whose
 * records lead to it: whatever the vendor said of its size, the set was not whole. What came of it stays good; it is to be planned again,
 * without deletions.
 */
export async function doubtAbsences(
  slice: Slice,
  entityType: EntityType,
  { target, namedBy }: { readonly target: EntityType; readonly namedBy: EntityType },
  { broken }: FetchedEvidence,
): Promise<void> {
  const { customerId, runId } = slice.run;
  const { store } = slice.worker;
  const progress = (await readRunEntityTypes(store, customerId, runId)).get(entityType);
  // Nothing was called gone, or this was taken back already.
  if (progress === undefined || progress.stage !== 'planned' || progress.failure !== null) return;
  const scope = { customerId, runId, entityType };
  let position: string | null = null;
  for (;;) {
    const staged: Awaited<ReturnType<typeof scanStaged>> = await scanStaged(
      store,
      scope,
      position,
      chunkSize,
    );
    const absences = staged.filter(({ hash }) => hash === deletedHash).map(({ recordId }) => recordId);
    if (absences.length > 0) await commit(slice, (transaction) => deleteStaged(transaction, scope, absences));
    position = staged.at(-1)?.recordId ?? null;
    if (staged.length < chunkSize) break;
  }
  const failure = new Failure(
    'incomplete_fetch',
    'Records did not come that others still point to, so none can be called gone',
    {
      data: {
        entityType,
        ...(entityType === target ? {} : { from: target }),
        missing: broken?.vanished[target] ?? 0,
        namedBy,
      },
    },
  );
  await commit(slice, (transaction) =>
    putRunEntityType(transaction, {
      ...progress,
      stage: 'planning',
      position: null,
      plan: null,
      failure: recordFailure(failure),
    }),
  );
}
