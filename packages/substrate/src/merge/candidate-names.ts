import type { JsonObject } from '../json/json-value.ts';
import { memberOf } from './json-members.ts';

const nobody: readonly string[] = [];

/**
 * Pure. The names of members that are not the very same on all three sides: scalars that differ, objects and lists that are not one in
 * memory, members that a side lacks. Looks at nothing below, and makes nothing where there are none.
 */
export function listCandidates(base: JsonObject, ours: JsonObject, theirs: JsonObject): readonly string[] {
  const names = Object.keys(ours);
  const theirNames = Object.keys(theirs);
  const baseNames = Object.keys(base);
  let candidates: string[] | undefined;
  let theirCount = 0;
  let baseCount = 0;
  for (let index = 0; index < names.length; index++) {
    const name = names[index] as string;
    // Members mostly come in one order on all sides; then nothing has to be looked up.
    const our = ours[name];
    const their = theirNames[index] === name ? theirs[name] : memberOf(theirs, name);
    const old = baseNames[index] === name ? base[name] : memberOf(base, name);
    if (their !== undefined) theirCount++;
    if (old !== undefined) baseCount++;
    if (our !== their || our !== old) (candidates ??= []).push(name);
  }
  if (theirCount === theirNames.length && baseCount === baseNames.length) return candidates ?? nobody;
  candidates ??= [];
  for (const name of theirNames) if (!Object.hasOwn(ours, name)) candidates.push(name);
  for (const name of baseNames) {
    if (!Object.hasOwn(ours, name) && !Object.hasOwn(theirs, name)) candidates.push(name);
  }
  return candidates;
}
