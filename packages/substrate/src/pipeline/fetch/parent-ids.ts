import type { EntityType } from '../../model/entity-types.ts';
import { scanRecordHashes } from '../../store/records.ts';
import { readRunEntityTypes } from '../../store/runs.ts';
import { scanStaged } from '../../store/staged-records.ts';
import type { Slice } from '../slice.ts';

const scanSize = 500;

/**
 * The ids of an entity type's records as the vendor has them after what this run has fetched of them: what was stored of the vendor's, with
 * what is staged, without what is gone. In order, after `after`.
 */
export async function* parentIds(
  slice: Slice,
  entityType: EntityType,
  after: string | null,
): AsyncGenerator<string> {
  const { customerId, integrationId, runId } = slice.run;
  const { store } = slice.worker;
  const progress = (await readRunEntityTypes(store, customerId, runId)).get(entityType);
  // Once it has ended, what it staged is stored, or was given up.
  const isStaged = progress !== undefined && progress.finishedAt === null;
  let position = after;
  for (;;) {
    const [stored, staged] = await Promise.all([
      scanRecordHashes(store, { customerId, integrationId, entityType }, position, scanSize),
      isStaged ? scanStaged(store, { customerId, runId, entityType }, position, scanSize) : [],
    ]);
    const isThere = new Map(stored.map(({ recordId, baseHash }) => [recordId, baseHash !== null]));
    for (const { recordId, value } of staged) isThere.set(recordId, value !== null);
    // Beyond the end of a full page the other one may know of more.
    const ends = [stored, staged]
      .filter(({ length }) => length === scanSize)
      .map((rows) => rows.at(-1)?.recordId);
    const end = ends.toSorted(compareKeys)[0];
    const ids = [...isThere.keys()].filter((id) => compareKeys(id, end) <= 0).toSorted(compareKeys);
    for (const id of ids) if (isThere.get(id) === true) yield id;
    if (end === undefined) return;
    position = end;
  }
}

/** As both databases order keys: by their bytes, not by JavaScript's units of text. Undefined is the last. */
function compareKeys(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
