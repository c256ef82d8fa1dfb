import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import type { SimulatedRequest, SimulatedResponse } from '@flotilla/substrate/testing/simulator/exchange';
import { refuseWith } from './refusal.ts';

/**
 * Pure. What a write says, as an object: a form with nested names (`submission[posted_grade]`, `a[list][][name]`), or JSON. Of `known`, which
 * lists the members of each object, anything else is refused: Canvas passes over it without a word, and nobody would find the mistake.
 */
export function readParams(
  request: SimulatedRequest,
  known: Readonly<Record<string, readonly string[]>>,
): { readonly params: Readonly<Record<string, JsonObject>> } | SimulatedResponse {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  const params = type === 'application/json' ? readJson(request.body) : readForm(request.body);
  if (params === undefined || (type !== 'application/json' && type !== 'application/x-www-form-urlencoded'))
    return refuseWith({ errors: [{ message: `Cannot read a body of ${type ?? 'no type'}` }] });
  const checked: Record<string, JsonObject> = {};
  for (const [name, value] of Object.entries(params)) {
    const members = known[name];
    const strange =
      isJsonObject(value) && Object.keys(value).find((member) => members?.includes(member) !== true);
    if (members === undefined || !isJsonObject(value) || strange !== undefined)
      return refuseWith({
        errors: [{ message: `Unknown parameter ${name}${strange ? `[${strange}]` : ''}` }],
      });
    checked[name] = value;
  }
  return { params: checked };
}

function readJson(body: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isJsonObject(value as JsonValue) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

/** As Rack reads names: `[]` adds to a list, and a name after it begins another element where the last one has it already. */
function readForm(body: string): JsonObject {
  const root: Record<string, JsonValue> = {};
  for (const [name, value] of new URLSearchParams(body)) {
    const keys = [...name.matchAll(/(^[^[]+|\[([^\]]*)\])/g)].map((match) => match[2] ?? match[0]);
    setAt(root, keys, value);
  }
  return root;
}

function setAt(target: Record<string, JsonValue>, keys: readonly string[], value: string): void {
  const [key = '', next, ...rest] = keys;
  if (next === undefined) {
    target[key] = value;
    return;
  }
  if (next !== '') {
    const held = target[key];
    const inner: Record<string, JsonValue> = isJsonObject(held ?? null) ? { ...(held as JsonObject) } : {};
    setAt(inner, [next, ...rest], value);
    target[key] = inner;
    return;
  }
  const list = Array.isArray(target[key]) ? [...(target[key] as JsonValue[])] : [];
  const last = list.at(-1);
  if (rest.length === 0) list.push(value);
  else {
    const isOpen = isJsonObject(last ?? null) && !Object.hasOwn(last as JsonObject, rest[0] ?? '');
    const element: Record<string, JsonValue> = isOpen ? { ...(last as JsonObject) } : {};
    setAt(element, rest, value);
    if (isOpen) list[list.length - 1] = element;
    else list.push(element);
  }
  target[key] = list;
}

/** Pure. Rails' idea of a yes. */
export function isTrue(value: JsonValue | undefined): boolean {
  return (
    value === true ||
    (typeof value === 'string' && ['true', '1', 'on', 'yes', 't'].includes(value.toLowerCase()))
  );
}
