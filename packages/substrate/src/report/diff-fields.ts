import { canonicalJson } from '../json/canonical-json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';

/** One field's before and after; a side that is absent has no value there. */
export interface FieldChange {
  /** JSON Pointer; objects are descended into, a list is one field. */
  readonly pointer: string;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
}

/** Pure. The fields in which two values of a record differ, in order of name. Absent: null. */
export function diffFields(before: JsonObject | null, after: JsonObject | null): readonly FieldChange[] {
  return [...diffObjects(before ?? {}, after ?? {}, '')];
}

function* diffObjects(before: JsonObject, after: JsonObject, parent: string): Generator<FieldChange> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  for (const name of names) {
    const pointer = `${parent}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const old = Object.hasOwn(before, name) ? before[name] : undefined;
    const young = Object.hasOwn(after, name) ? after[name] : undefined;
    if (isJsonObject(old) && isJsonObject(young)) yield* diffObjects(old, young, pointer);
    else if (!areEqual(old, young)) {
      yield {
        pointer,
        ...(old === undefined ? {} : { before: old }),
        ...(young === undefined ? {} : { after: young }),
      };
    }
  }
}

function areEqual(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a === b || canonicalJson(a) === canonicalJson(b);
}
