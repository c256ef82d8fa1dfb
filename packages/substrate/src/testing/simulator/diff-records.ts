import type { JsonObject } from '../../json/json-value.ts';
import type { RecordEdit } from './record-edit.ts';
import type { WireRecords } from './record-store.ts';

export interface DiffOptions<Name extends string> {
  readonly idOf: (record: JsonObject, collection: Name) => string;
  /** A member that says when the record was last changed: a difference in it alone is none. */
  readonly dateMember?: string | undefined;
}

/**
 * Pure. The edits that make one rendering of a vendor's records into another, so that a vendor's shape is written once, for whole
 * districts. Puts come in the order of the collections, removals in the opposite one: nothing points to what is not there.
 */
export function diffRecords<Name extends string>(
  before: WireRecords<Name>,
  after: WireRecords<Name>,
  options: DiffOptions<Name>,
): readonly RecordEdit[] {
  const { idOf, dateMember } = options;
  const puts: RecordEdit[] = [];
  const removals: RecordEdit[][] = [];
  for (const collection of Object.keys({ ...before, ...after }) as Name[]) {
    const known = new Map((before[collection] ?? []).map((record) => [idOf(record, collection), record]));
    for (const record of after[collection] ?? []) {
      const id = idOf(record, collection);
      const was = known.get(id);
      known.delete(id);
      if (was === undefined || textOf(was, dateMember) !== textOf(record, dateMember))
        puts.push({ collection, op: 'put', id, record });
    }
    removals.unshift([...known.keys()].map((id) => ({ collection, op: 'remove', id })));
  }
  return [...puts, ...removals.flat()];
}

/** One rendering made both, so members come in the same order. */
function textOf(record: JsonObject, dateMember: string | undefined): string {
  return JSON.stringify(record, dateMember === undefined ? undefined : dropAt(record, dateMember));
}

/** Only the record's own date: the same name further in is another member. */
function dropAt(record: JsonObject, member: string): (this: unknown, key: string, value: unknown) => unknown {
  return function (this: unknown, key, value) {
    return this === record && key === member ? undefined : value;
  };
}
