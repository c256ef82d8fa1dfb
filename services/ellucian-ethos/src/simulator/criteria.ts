import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import type { VendorProblem } from '@flotilla/substrate/testing/simulator/exchange';

/** Pure. What `criteria` asks for, or the refusal of what is no JSON object or names a member that is no filter. */
export function parseCriteria(text: string, filters: readonly string[]): JsonObject | VendorProblem {
  let criteria: unknown;
  try {
    criteria = JSON.parse(text);
  } catch {
    return refuse('criteria is not JSON');
  }
  if (!isJsonObject(criteria as JsonValue)) return refuse('criteria is not a JSON object');
  const strange = Object.keys(criteria as object).find((member) => !filters.includes(member));
  if (strange !== undefined) return refuse(`"${strange}" is not an available filter: ${filters.join(', ')}`);
  return criteria as JsonObject;
}

/** Pure. Whether a record has all of it: objects member by member, of lists some element each. */
export function matchesCriteria(record: JsonValue | undefined, wanted: JsonValue): boolean {
  if (Array.isArray(wanted)) {
    const held: readonly JsonValue[] = Array.isArray(record) ? record : [];
    return wanted.every((one: JsonValue) => held.some((each) => matchesCriteria(each, one)));
  }
  if (!isJsonObject(wanted)) return record === wanted;
  if (!isJsonObject(record ?? null)) return false;
  return Object.entries(wanted).every(([name, value]) =>
    matchesCriteria((record as JsonObject)[name], value),
  );
}

function refuse(description: string): VendorProblem {
  return { status: 400, code: 'Global.Internal.Error', description };
}
