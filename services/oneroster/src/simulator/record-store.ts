import { Failure } from '@flotilla/substrate/failure';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { EditCounts, RecordEdit } from '@flotilla/substrate/testing/simulator/record-edit';
import { idOf } from './references.ts';
import type { CollectionName } from './wire-fields.ts';

/** Records in the served version's shape, their references without `href` (that depends on how the client addressed the server). */
export type WireRecords = Readonly<Partial<Record<CollectionName, readonly JsonObject[]>>>;

export interface RecordStore {
  list(collection: CollectionName): readonly JsonObject[];
  /** The first one, where dirty data has several under one id. */
  get(collection: CollectionName, id: string): JsonObject | undefined;
  put(collection: CollectionName, id: string, record: JsonObject): 'created' | 'updated';
  remove(collection: CollectionName, id: string): boolean;
  /** All or none: throws `invalid_params` naming the first edit that cannot be made. */
  edit(edits: readonly RecordEdit[], modifiedAt: string): EditCounts;
  counts(): Readonly<Record<string, number>>;
}

interface Shelf {
  records: JsonObject[];
  /** Built when first asked for: loading a large district does not need it. */
  positions: Map<string, number> | undefined;
}

export function createRecordStore(names: Iterable<CollectionName>, loaded: WireRecords): RecordStore {
  const shelves = new Map<string, Shelf>();
  for (const name of names) shelves.set(name, { records: [...(loaded[name] ?? [])], positions: undefined });

  function shelfOf(collection: string): Shelf {
    const shelf = shelves.get(collection);
    if (shelf !== undefined) return shelf;
    throw new Failure('invalid_params', 'No such collection', {
      data: { collection, known: [...shelves.keys()] },
    });
  }

  function positionsOf(shelf: Shelf): Map<string, number> {
    if (shelf.positions !== undefined) return shelf.positions;
    const positions = new Map<string, number>();
    shelf.records.forEach((record, at) => {
      const id = idOf(record);
      if (!positions.has(id)) positions.set(id, at);
    });
    shelf.positions = positions;
    return positions;
  }

  function get(collection: string, id: string): JsonObject | undefined {
    const shelf = shelfOf(collection);
    const at = positionsOf(shelf).get(id);
    return at === undefined ? undefined : shelf.records[at];
  }

  function put(collection: string, id: string, record: JsonObject): 'created' | 'updated' {
    const shelf = shelfOf(collection);
    const positions = positionsOf(shelf);
    const at = positions.get(id);
    if (at !== undefined) {
      shelf.records[at] = record;
      return 'updated';
    }
    positions.set(id, shelf.records.push(record) - 1);
    return 'created';
  }

  function removeAll(collection: string, ids: ReadonlySet<string>): void {
    const shelf = shelfOf(collection);
    shelf.records = shelf.records.filter((record) => !ids.has(idOf(record)));
    shelf.positions = undefined;
  }

  function remove(collection: string, id: string): boolean {
    if (get(collection, id) === undefined) return false;
    removeAll(collection, new Set([id]));
    return true;
  }

  function edit(edits: readonly RecordEdit[], modifiedAt: string): EditCounts {
    for (const { collection, op, id, record } of edits) {
      const known = get(collection, id) !== undefined;
      if (op !== 'put' && !known)
        throw new Failure('invalid_params', 'No such record', { data: { collection, id } });
      if (op === 'put' && record?.sourcedId !== id) {
        throw new Failure('invalid_params', "The record's sourcedId differs from the edit's id", {
          data: { collection, id },
        });
      }
    }
    const counts: Record<string, { created: number; updated: number; removed: number }> = {};
    const removed = new Map<string, Set<string>>();
    for (const { collection, op, id, record } of edits) {
      counts[collection] ??= { created: 0, updated: 0, removed: 0 };
      if (op === 'put' && record !== undefined) {
        counts[collection][put(collection, id, stamped(record, get(collection, id), modifiedAt))] += 1;
      } else counts[collection].removed += 1;
      if (op === 'tobedeleted') {
        put(collection, id, { ...get(collection, id), status: 'tobedeleted', dateLastModified: modifiedAt });
      }
      if (op === 'remove') removed.set(collection, (removed.get(collection) ?? new Set()).add(id));
    }
    for (const [collection, ids] of removed) removeAll(collection, ids);
    return counts;
  }

  return {
    list: (collection) => shelves.get(collection)?.records ?? [],
    get,
    put,
    remove,
    edit,
    counts: () => Object.fromEntries([...shelves].map(([name, shelf]) => [name, shelf.records.length])),
  };
}

/** Who edits in the vendor's own screens does not set dates: a date that did not move is set to now. One that was given stays. */
function stamped(record: JsonObject, before: JsonObject | undefined, modifiedAt: string): JsonObject {
  const { dateLastModified } = record;
  const isDated = dateLastModified !== undefined && dateLastModified !== before?.dateLastModified;
  return isDated ? record : { ...record, dateLastModified: modifiedAt };
}
