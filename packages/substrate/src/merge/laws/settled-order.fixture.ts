import type { JsonObject } from '../../json/json-value.ts';
import type { RecordSides } from '../merge-record.ts';
import { elementsAt, type Path, type Reading, strategyAt } from './paths.fixture.ts';

/**
 * Of which keyed lists the order follows from the sides: not where they have what is left of one in two orders, just one of them cannot be
 * said to have put it so, and the strategy prefers neither. That is no conflict, so nobody decides it, and ours leads.
 */
export function settledOrder(
  reading: Reading,
  sides: RecordSides,
  result: JsonObject | undefined,
): (path: Path) => boolean {
  return (path) => strategyAt(reading, path) !== 'manual' || !isContested(reading, sides, result, path);
}

function isContested(
  reading: Reading,
  { base, ours, theirs }: RecordSides,
  result: JsonObject | undefined,
  path: Path,
): boolean {
  const left = elementsAt(reading, [result], path);
  const [b, o, t] = [base, ours, theirs].map((side) =>
    elementsAt(reading, [side], path).filter((element) => left.includes(element)),
  ) as [string[], string[], string[]];
  const isAlike = (one: readonly string[], other: readonly string[]) => {
    const [x, y] = [one.filter((element) => other.includes(element)), other.filter((e) => one.includes(e))];
    return x.join() === y.join();
  };
  return !isAlike(o, t) && isAlike(b, o) === isAlike(b, t);
}
