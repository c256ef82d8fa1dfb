import { digestJson } from '../json/digest.ts';
import type { JsonObject } from '../json/json-value.ts';
import { volatilePointers } from '../model/entity-types.ts';

/** Volatile members are top-level ones so far; a deeper pointer would need a walk. */
const volatileMembers = new Set(volatilePointers.map((pointer) => pointer.slice(1)));

/** Pure. The hash by which a record counts as changed: over its canonical JSON without the volatile members. */
export function hashRecord(value: JsonObject): string {
  const stable: Record<string, unknown> = {};
  for (const name of Object.keys(value)) if (!volatileMembers.has(name)) stable[name] = value[name];
  return digestJson(stable);
}
