import { digestJson } from '../json/digest.ts';
import type { JsonObject } from '../json/json-value.ts';
import { withoutSilent } from './fields/silent-fields.ts';
import type { MergeRules } from './merge-rules.ts';

/**
 * Pure. Makes the hash by which records count as changed: `digestJson` of the record without volatile fields, with sets in one order and,
 * where null counts as absent, without null members. Equal exactly when the merge would see no change. What JSON cannot say, or nests deeper than 200
 * levels, is refused with `invalid_params`.
 */
export function createRecordHasher({ shared }: MergeRules): (record: JsonObject) => string {
  return (record) => digestJson(withoutSilent(record, shared.fields, shared.nullIsAbsent));
}
