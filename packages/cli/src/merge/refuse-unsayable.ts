import { Failure } from '@flotilla/substrate/failure';
import { jsonPointer } from '@flotilla/substrate/json/canonical-json';
import type { JsonValue } from '@flotilla/substrate/json/json-value';

/** Levels that a record may have, as in its hash; a line has one more above it, or two where its sides are sets. */
const deepestRecord = 200;

/**
 * Pure. Fails with `invalid_params`, naming the place, where a line holds what no record may: a text with half a character, a number
 * beyond all numbers (JSON.parse makes Infinity of 1e999), more than 200 levels. A run refuses these when it stages a record.
 */
export function refuseUnsayable(line: JsonValue, isSet: boolean): void {
  walk(line, [], deepestRecord + (isSet ? 2 : 1));
}

function walk(value: JsonValue, path: (string | number)[], deepest: number): void {
  if (typeof value === 'string') refuseHalfCharacter(value, path);
  else if (typeof value === 'number' && !Number.isFinite(value))
    throw refuse(path, 'a number too large to be read');
  if (typeof value !== 'object' || value === null) return;
  if (path.length >= deepest) throw refuse(path, 'more levels than a record may have: 200 is the limit');
  const members: Iterable<readonly [string | number, JsonValue]> = Array.isArray(value)
    ? value.entries()
    : Object.entries(value);
  for (const [name, member] of members) {
    path.push(name);
    if (typeof name === 'string') refuseHalfCharacter(name, path);
    walk(member, path, deepest);
    path.pop();
  }
}

function refuseHalfCharacter(text: string, path: readonly (string | number)[]): void {
  if (!text.isWellFormed()) throw refuse(path, 'a text with half a character (a lone surrogate)');
}

function refuse(path: readonly (string | number)[], found: string): Failure {
  return new Failure('invalid_params', 'This line holds what no record may', {
    data: {
      pointer: jsonPointer(path).toWellFormed(),
      found,
      advice: 'Correct the value at the pointer, which begins at the line itself, and run again.',
    },
  });
}
