import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { isSameJson } from '../values/same-json.ts';

const nobody: readonly string[] = [];

/**
 * Pure. The names of members that may not be the same on all three sides. In a record they are not, since what is below was compared;
 * further down, objects and lists are named unless they are one in memory: a merge that compared them at every level would pass over
 * them as often as there are levels. Makes nothing where there are none.
 */
export function listCandidates(
  base: JsonObject,
  ours: JsonObject,
  theirs: JsonObject,
  path: readonly string[],
): readonly string[] {
  const isRecord = path.length === 0;
  let candidates: string[] | undefined;
  let theirCount = 0;
  let baseCount = 0;
  // See isSameObject for `for in`, and for what may be inherited.
  for (const name in ours) {
    const our = ours[name] as JsonValue;
    const their = theirs[name];
    const old = base[name];
    const isSame =
      our === their && our === old
        ? our !== undefined
        : isRecord &&
          name !== '__proto__' &&
          isSameJson(our, their, false, path) &&
          isSameJson(our, old, false, path);
    if (isSame) {
      theirCount++;
      baseCount++;
      continue;
    }
    if (Object.hasOwn(theirs, name)) theirCount++;
    if (Object.hasOwn(base, name)) baseCount++;
    (candidates ??= []).push(name);
  }
  for (const _ in theirs) theirCount--;
  for (const _ in base) baseCount--;
  if (theirCount === 0 && baseCount === 0) return candidates ?? nobody;
  return [...(candidates ?? nobody), ...listOthers(base, ours, theirs)];
}

/** The names that ours does not have. */
function listOthers(base: JsonObject, ours: JsonObject, theirs: JsonObject): string[] {
  const others = Object.keys(theirs).filter((name) => !Object.hasOwn(ours, name));
  for (const name of Object.keys(base)) {
    if (!Object.hasOwn(ours, name) && !Object.hasOwn(theirs, name)) others.push(name);
  }
  return others;
}
