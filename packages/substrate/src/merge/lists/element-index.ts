import { canonicalJson } from '../../json/canonical-json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import type { MergeRemark } from '../plan.ts';
import type { ListSpec } from '../rules/list-spec.ts';
import { memberOf } from '../values/json-members.ts';
import { withoutNulls } from '../values/without-nulls.ts';

/** Pure. A list's elements by the segments that they go by in pointers, in the list's order. */
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
      const segment = textOfValue(nullIsAbsent ? withoutNulls(element) : element);
      if (elements.has(segment)) return 'duplicate value';
      elements.set(segment, element);
    } else {
      if (!isJsonObject(element)) return 'not a list of objects';
      const segment = segmentOf(element, spec.key);
      if (segment === undefined) return 'missing key';
      if (elements.has(segment)) return 'duplicate key';
      elements.set(segment, element);
    }
  }
  return elements;
}

/**
 * The text by which an element goes: its key, if that is a text; else, and for a key of several members, the canonical JSON; a text that
 * is JSON itself is quoted, so that no two keys share a segment. Undefined: a member of the key is absent, or null, which names nothing.
 */
function segmentOf(element: JsonObject, key: readonly string[]): string | undefined {
  const values: JsonValue[] = [];
  for (const name of key) {
    const value = memberOf(element, name);
    if (value === undefined || value === null) return undefined;
    values.push(value);
  }
  const [only] = values;
  return values.length > 1 || only === undefined ? canonicalJson(values) : textOfValue(only);
}

function textOfValue(value: JsonValue): string {
  return typeof value === 'string' && !isJsonText(value) ? value : canonicalJson(value);
}

/** How a JSON text begins, white space aside; most keys begin otherwise, and throwing is dear. */
const beginsLikeJson = /^[\s"[{\d-]|^(true|false|null)\s*$/;

function isJsonText(text: string): boolean {
  if (!beginsLikeJson.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
