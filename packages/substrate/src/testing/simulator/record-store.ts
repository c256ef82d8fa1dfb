import { Failure } from '../../failure/failure.ts';
import type { JsonObject } from '../../json/json-value.ts';
import type { EditCounts, RecordEdit } from './record-edit.ts';

/** A vendor's records in the shape it sends them, by collection. */
export type WireRecords<Name extends string = string> = Readonly<
  Partial<Record<Name, readonly JsonObject[]>>
>;

/** One thing that became of a record: what a vendor's event log, deletes list or notification queue is made of. */
export interface RecordChange<Name extends string = string> {
  readonly collection: Name;
  readonly op: 'created' | 'updated' | 'removed';
  readonly id: string;
  /** Absent where it was created. */
  readonly before: JsonObject | undefined;
  /** Absent where it was removed. A record marked as deleted was updated. */
  readonly after: JsonObject | undefined;
}

export interface RecordStoreOptions<Name extends string> {
  readonly collections: readonly Name[];
  readonly records: WireRecords<Name> | undefined;
  readonly idOf: (record: JsonObject, collection: Name) => string;
  /** What the vendor itself does to a record that is edited, such as setting its date. Default nothing. */
  readonly stamp?: ((edited: JsonObject, before: JsonObject | undefined) => JsonObject) | undefined;
  /** The record with the vendor's mark of deletion; a vendor without one refuses such edits. */
  readonly markDeleted?: ((record: JsonObject) => JsonObject) | undefined;
  readonly onChange?: ((change: RecordChange<Name>) => void) | undefined;
}

export interface RecordStore<Name extends string = string> {
  list(collection: Name): readonly JsonObject[];
  /** The first one, where dirty data has several under one id. */
  get(collection: Name, id: string): JsonObject | undefined;
  /** The records with this text, or this number's digits, in a member, or in the list that the member holds; from an index, so that a list below each parent is cheap. */
  where(collection: Name, member: string, value: string): readonly JsonObject[];
  /** Stores as given: `stamp` is for edits, not for what clients write. */
  put(collection: Name, id: string, record: JsonObject): 'created' | 'updated';
  remove(collection: Name, id: string): boolean;
  /** All or none: throws `invalid_params` naming the first edit that cannot be made. */
  edit(edits: readonly RecordEdit[]): EditCounts;
  counts(): Readonly<Record<string, number>>;
}

interface Shelf {
  records: JsonObject[];
  /** Built when first asked for: loading a large district does not need it. */
  positions: Map<string, number> | undefined;
  indexes: Map<string, ReadonlyMap<string, readonly JsonObject[]>>;
}

export function createRecordStore<Name extends string>(options: RecordStoreOptions<Name>): RecordStore<Name> {
  const { idOf, stamp = (edited) => edited, markDeleted, onChange } = options;
  const shelves = new Map<Name, Shelf>();
  for (const name of options.collections) {
    shelves.set(name, {
      records: [...(options.records?.[name] ?? [])],
      positions: undefined,
      indexes: new Map(),
    });
  }

  function shelfOf(collection: Name): Shelf {
    const shelf = shelves.get(collection);
    if (shelf !== undefined) return shelf;
    throw new Failure('invalid_params', 'No such collection', {
      data: { collection, known: [...shelves.keys()] },
    });
  }

  function positionsOf(shelf: Shelf, collection: Name): Map<string, number> {
    if (shelf.positions !== undefined) return shelf.positions;
    const positions = new Map<string, number>();
    shelf.records.forEach((record, at) => {
      const id = idOf(record, collection);
      if (!positions.has(id)) positions.set(id, at);
    });
    shelf.positions = positions;
    return positions;
  }

  function get(collection: Name, id: string): JsonObject | undefined {
    const shelf = shelfOf(collection);
    const at = positionsOf(shelf, collection).get(id);
    return at === undefined ? undefined : shelf.records[at];
  }

  function where(collection: Name, member: string, value: string): readonly JsonObject[] {
    const { indexes, records } = shelfOf(collection);
    const index = indexes.get(member) ?? indexBy(records, member);
    indexes.set(member, index);
    return index.get(value) ?? [];
  }

  function put(collection: Name, id: string, record: JsonObject): 'created' | 'updated' {
    const shelf = shelfOf(collection);
    const positions = positionsOf(shelf, collection);
    const at = positions.get(id);
    const before = at === undefined ? undefined : shelf.records[at];
    shelf.indexes.clear();
    if (at === undefined) positions.set(id, shelf.records.push(record) - 1);
    else shelf.records[at] = record;
    const op = at === undefined ? 'created' : 'updated';
    onChange?.({ collection, op, id, before, after: record });
    return op;
  }

  function removeAll(collection: Name, ids: ReadonlySet<string>): void {
    const shelf = shelfOf(collection);
    const gone = [...ids].map((id) => ({ id, before: get(collection, id) }));
    shelf.records = shelf.records.filter((record) => !ids.has(idOf(record, collection)));
    shelf.positions = undefined;
    shelf.indexes.clear();
    for (const { id, before } of gone)
      onChange?.({ collection, op: 'removed', id, before, after: undefined });
  }

  function remove(collection: Name, id: string): boolean {
    if (get(collection, id) === undefined) return false;
    removeAll(collection, new Set([id]));
    return true;
  }

  function check(edit: RecordEdit): void {
    const collection = edit.collection as Name;
    const { op, id, record } = edit;
    const known = get(collection, id) !== undefined;
    if (op !== 'put' && !known)
      throw new Failure('invalid_params', 'No such record', { data: { collection, id } });
    if (op === 'tobedeleted' && markDeleted === undefined)
      throw new Failure('invalid_params', 'This vendor has no mark of deletion', {
        data: { collection, id },
      });
    if (op === 'put' && record !== undefined && idOf(record, collection) !== id) {
      throw new Failure('invalid_params', "The record's id differs from the edit's id", {
        data: { collection, id, found: idOf(record, collection) },
      });
    }
  }

  function edit(edits: readonly RecordEdit[]): EditCounts {
    for (const one of edits) check(one);
    const counts: Record<string, { created: number; updated: number; removed: number }> = {};
    const removed = new Map<Name, Set<string>>();
    for (const { op, id, record, ...rest } of edits) {
      const collection = rest.collection as Name;
      const before = get(collection, id);
      counts[collection] ??= { created: 0, updated: 0, removed: 0 };
      if (op === 'put' && record !== undefined)
        counts[collection][put(collection, id, stamp(record, before))] += 1;
      else counts[collection].removed += 1;
      if (op === 'tobedeleted' && before !== undefined && markDeleted !== undefined)
        put(collection, id, stamp(markDeleted(before), before));
      if (op === 'remove') removed.set(collection, (removed.get(collection) ?? new Set()).add(id));
    }
    for (const [collection, ids] of removed) removeAll(collection, ids);
    return counts;
  }

  return {
    list: (collection) => shelves.get(collection)?.records ?? [],
    get,
    where,
    put,
    remove,
    edit,
    counts: () => Object.fromEntries([...shelves].map(([name, shelf]) => [name, shelf.records.length])),
  };
}

/** Pure. The member `id` as text, as most vendors have it; empty where there is none. */
export function plainId({ id }: JsonObject): string {
  return typeof id === 'string' || typeof id === 'number' ? String(id) : '';
}

/** Whoever edits in the vendor's own screens sets no dates: a date that did not move becomes `now()`. One that was given stays. */
export function stampDate(
  member: string,
  now: () => string,
): (edited: JsonObject, before: JsonObject | undefined) => JsonObject {
  return (edited, before) => {
    const isDated = edited[member] !== undefined && edited[member] !== before?.[member];
    return isDated ? edited : { ...edited, [member]: now() };
  };
}

function indexBy(records: readonly JsonObject[], member: string): ReadonlyMap<string, readonly JsonObject[]> {
  const index = new Map<string, JsonObject[]>();
  for (const record of records) {
    const value = record[member];
    for (const item of Array.isArray(value) ? value : [value]) {
      if (typeof item !== 'string' && typeof item !== 'number') continue;
      const key = String(item);
      const group = index.get(key);
      if (group === undefined) index.set(key, [record]);
      else group.push(record);
    }
  }
  return index;
}
