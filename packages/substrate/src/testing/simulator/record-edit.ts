import { Failure } from '../../failure/failure.ts';
import { isJsonObject, type JsonObject } from '../../json/json-value.ts';

/**
 * A change of the vendor's own data, made behind the client's back. `put` creates or replaces the record, `remove` makes it vanish,
 * `tobedeleted` keeps it with the vendor's mark of deletion (where the vendor has one).
 */
export interface RecordEdit {
  readonly collection: string;
  readonly op: 'put' | 'remove' | 'tobedeleted';
  readonly id: string;
  /** The whole record in the vendor's shape; only with `put`. */
  readonly record?: JsonObject;
}

/** What edits came to, by collection. */
export type EditCounts = Readonly<
  Record<string, { readonly created: number; readonly updated: number; readonly removed: number }>
>;

/** Pure. Reads posted edits; throws `invalid_params` naming the edit and what is wrong with it. */
export function parseRecordEdits(value: unknown): readonly RecordEdit[] {
  if (!Array.isArray(value)) throw refuse('/edits', 'a list of edits');
  return value.map((edit: unknown, at) => parseEdit(edit, `/edits/${at}`));
}

function parseEdit(edit: unknown, pointer: string): RecordEdit {
  if (!isJsonObject(edit)) throw refuse(pointer, 'an object {collection, op, id, record}');
  const { collection, op, id, record } = edit;
  if (typeof collection !== 'string')
    throw refuse(`${pointer}/collection`, 'the name of a collection, such as users');
  if (typeof id !== 'string' || id === '') throw refuse(`${pointer}/id`, "the record's id");
  if (op === 'put' && isJsonObject(record)) return { collection, op, id, record };
  if (op === 'put') throw refuse(`${pointer}/record`, 'the whole record');
  if ((op === 'remove' || op === 'tobedeleted') && record === undefined) return { collection, op, id };
  throw refuse(`${pointer}/op`, 'put with a record, or remove or tobedeleted without one');
}

function refuse(pointer: string, expected: string): Failure {
  return new Failure('invalid_params', 'Not an edit', { data: { pointer, expected } });
}
