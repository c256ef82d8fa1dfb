import { canonicalJson } from '../../json/canonical-json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import type { MergeRemark } from '../plan.ts';
import type { ListSpec } from '../rules/list-spec.ts';
import { memberOf } from '../values/json-members.ts';
import { withoutNulls } from '../values/without-nulls.ts';

/**
 * Pure. A list's elements by what tells them apart, in the list's order: the JSON of the key's value, and for a key of several members that
 * of the list of their values. One side's list says as much of an element as three; see segmentsOf for what is shown.
 */
export type ElementIndex = ReadonlyMap<string, JsonValue>;

/** The elements of a declared list, or why they cannot be told apart. */
export function indexElements(
  list: readonly JsonValue[],
  spec: ListSpec,
  nullIsAbsent: boolean,
): ElementIndex | MergeRemark['reason'] {
  const elements = new Map<string, JsonValue>();
  for (const element of list) {
    if (spec === 'set') {
      const identity = jsonOf(nullIsAbsent ? withoutNulls(element) : element);
      if (elements.has(identity)) return 'duplicate value';
      elements.set(identity, element);
    } else {
      if (!isJsonObject(element)) return 'not a list of objects';
      const identity = identityOf(element, spec.key);
      if (identity === undefined) return 'missing key';
      if (elements.has(identity)) return 'duplicate key';
      elements.set(identity, element);
    }
  }
  return elements;
}

/** Undefined: a member of the key is absent, or null, which names nothing. */
function identityOf(element: JsonObject, key: readonly string[]): string | undefined {
  const values: JsonValue[] = [];
  for (const name of key) {
    const value = memberOf(element, name);
    if (value === undefined || value === null) return undefined;
    values.push(value);
  }
  const [only] = values;
  return values.length > 1 || only === undefined ? canonicalJson(values) : jsonOf(only);
}

/** Canonical, but quicker for a text; and what is no text of Unicode is for the hash to refuse. */
function jsonOf(value: JsonValue): string {
  return typeof value === 'string' ? JSON.stringify(value) : canonicalJson(value);
}
