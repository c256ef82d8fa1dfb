import type { Side } from '../strategy.ts';

/** Pure. What tells a list's elements apart, in order, on each side: see ElementIndex. */
export interface ElementOrders {
  readonly base: readonly string[];
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

/**
 * The side that reordered the elements that are left, if just one did; its order is the merged list's. Undefined: none did, or both, and
 * then somebody else has to say who leads.
 */
export function findMover(
  { base, ours, theirs }: ElementOrders,
  isKept: (identity: string) => boolean,
): Side | undefined {
  const places = placesOf(base.filter(isKept));
  const isOursStill = isAscending(ours, places);
  if (isOursStill === isAscending(theirs, places)) return undefined;
  return isOursStill ? 'theirs' : 'ours';
}

/** Whether two lists have their common elements in one order. */
export function isSameOrder(a: readonly string[], b: readonly string[]): boolean {
  return isAscending(a, placesOf(b));
}

/**
 * The kept elements, those of both sides in the leader's order; those of one side follow the neighbour that they have there. Where both
 * sides have such after one neighbour they stand in their side's order, and else by what tells them apart: no side goes first.
 */
export function orderElements(
  leader: readonly string[],
  other: readonly string[],
  isKept: (identity: string) => boolean,
): readonly string[] {
  const order = leader.filter(isKept);
  const known = new Set(order);
  if (other.every((identity) => known.has(identity) || !isKept(identity))) return order;
  const others = other.filter(isKept);
  const common = new Set(others.filter((identity) => known.has(identity)));
  const [ownRuns, otherRuns] = [runsOf(order, common), runsOf(others, common)];
  return [start, ...order.filter((identity) => common.has(identity))].flatMap((neighbour) => {
    const run = weave(ownRuns.get(neighbour) ?? [], otherRuns.get(neighbour) ?? []);
    return neighbour === start ? run : [neighbour, ...run];
  });
}

/** Stands for the neighbour of what comes first; what tells an element apart is JSON, so never empty. */
const start = '';

/** The elements that are not common, by the common one that they follow. */
function runsOf(
  order: readonly string[],
  common: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const runs = new Map<string, string[]>();
  let run: string[] = [];
  runs.set(start, run);
  for (const identity of order) {
    if (!common.has(identity)) run.push(identity);
    else runs.set(identity, (run = []));
  }
  return runs;
}

/** Both runs, each in its order, the lesser head first; by UTF-16 code units. */
function weave(a: readonly string[], b: readonly string[]): readonly string[] {
  const woven: string[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [x, y] = [a[i], b[j]];
    const isFirst = y === undefined || (x !== undefined && x < y);
    woven.push((isFirst ? x : y) as string);
    if (isFirst) i++;
    else j++;
  }
  return woven;
}

function placesOf(identities: readonly string[]): ReadonlyMap<string, number> {
  return new Map(identities.map((identity, place) => [identity, place]));
}

/** Whether those of the identities that have a place come in the order of their places. */
function isAscending(identities: readonly string[], places: ReadonlyMap<string, number>): boolean {
  let last = -1;
  for (const identity of identities) {
    const place = places.get(identity);
    if (place === undefined) continue;
    if (place < last) return false;
    last = place;
  }
  return true;
}
