import { isJsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import type { PlannedChange } from '@flotilla/substrate/store';
import { createWordSearch } from './word-search.ts';

/**
 * Pure. Whether a planned record has every word of the search somewhere: in its id, in the place of a field, or in a value from before or
 * after.
 */
export function createPlanSearch(search: string): (row: PlannedChange) => boolean {
  const isFound = createWordSearch(search);
  return (row) => isFound(textsOf(row));
}

function* textsOf({ recordId, toOurs, toTheirs, conflicts }: PlannedChange): Generator<string> {
  yield recordId;
  for (const { pointer, before, after } of [...toOurs, ...toTheirs]) {
    yield pointer;
    yield* leavesOf(before);
    yield* leavesOf(after);
  }
  for (const { pointer, base, ours, theirs } of conflicts) {
    yield pointer;
    for (const side of [base, ours, theirs]) yield* leavesOf(side);
  }
}

function* leavesOf(value: JsonValue | undefined): Generator<string> {
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (Array.isArray(next)) open.push(...(next as readonly JsonValue[]));
    else if (isJsonObject(next)) open.push(...Object.values(next));
    else if (typeof next === 'string' || typeof next === 'number' || typeof next === 'boolean')
      yield `${next}`;
  }
}
