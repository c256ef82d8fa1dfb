import type { JsonObject } from '../../json/json-value.ts';
import type { EntityType, EntityValue } from '../../model/entity-types.ts';
import { scanRecordHashes, scanRecords } from '../../store/records.ts';
import { readRunEntityTypes } from '../../store/runs.ts';
import { scanStaged } from '../../store/staged-records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { baseOf } from '../plan/merge-staged.ts';
import type { Slice } from '../slice.ts';

const scanSize = 500;

/**
 * The ids of the records that have lists (`within`) as the vendor has them after what this run has fetched of them: what was stored of the
 * vendor's, with what is staged, without what is gone, and without those that have none (`parents`). In order, after `after`.
 */
export async function* parentIds(
  slice: Slice,
  { within, parents }: { readonly within: EntityType } & Pick<Entity, 'parents'>,
  after: string | null,
): AsyncGenerator<string> {
  const { customerId, integrationId, runId } = slice.run;
  const { store } = slice.worker;
  const progress = (await readRunEntityTypes(store, customerId, runId)).get(within);
  // Once it has ended, what it staged is stored, or was given up.
  const isStaged = progress !== undefined && progress.finishedAt === null;
  const isParent = (id: string, value: JsonObject | undefined) =>
    value !== undefined && parents?.(value as EntityValue, id, slice.connection) !== false;
  const scope = { customerId, integrationId, entityType: within };

  /** Whether each of the stored ones is one; their values are read only where they say it. */
  async function scanStored(from: string | null): Promise<readonly (readonly [string, boolean])[]> {
    if (parents === undefined) {
      const rows = await scanRecordHashes(store, scope, from, scanSize);
      return rows.map(({ recordId, baseHash }) => [recordId, baseHash !== null]);
    }
    const rows = await scanRecords(store, scope, from, scanSize);
    return rows.map((row) => [row.recordId, isParent(row.recordId, baseOf(row))]);
  }

  let position = after;
  for (;;) {
    const [stored, staged] = await Promise.all([
      scanStored(position),
      isStaged ? scanStaged(store, { customerId, runId, entityType: within }, position, scanSize) : [],
    ]);
    const isAmong = new Map(stored);
    for (const { recordId, value } of staged) isAmong.set(recordId, isParent(recordId, value ?? undefined));
    // Beyond the end of a full page the other one may know of more.
    const ends = [stored.map(([id]) => id), staged.map(({ recordId }) => recordId)]
      .filter(({ length }) => length === scanSize)
      .map((ids) => ids.at(-1));
    const end = ends.toSorted(compareKeys)[0];
    const ids = [...isAmong.keys()].filter((id) => compareKeys(id, end) <= 0).toSorted(compareKeys);
    for (const id of ids) if (isAmong.get(id) === true) yield id;
    if (end === undefined) return;
    position = end;
  }
}

/** As both databases order keys: by their bytes, not by JavaScript's units of text. Undefined is the last. */
function compareKeys(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
