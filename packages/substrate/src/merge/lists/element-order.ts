import type { Side } from '../strategy.ts';

/** Pure. The segments of a list's elements, in order, on each side. */
export interface ElementOrders {
  readonly base: readonly string[];
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

/**
 * The side whose order the merged list has: ours, unless only theirs reordered the elements that are left. Order never conflicts.
 */
export function findLeader(
  { base, ours, theirs }: ElementOrders,
  isKept: (segment: string) => boolean,
): Side {
  const places = placesOf(base.filter(isKept));
  return isAscending(theirs, places) || !isAscending(ours, places) ? 'ours' : 'theirs';
}

/** Whether two lists have their common elements in one order. */
export function isSameOrder(a: readonly string[], b: readonly string[]): boolean {
  return isAscending(a, placesOf(b));
}

/**
 * The kept elements in the leader's order; those that only the other side has follow the neighbour that they follow there, after what
 * the leader alone put between.
 */
export function orderElements(
  leader: readonly string[],
  other: readonly string[],
  isKept: (segment: string) => boolean,
): readonly string[] {
  const order = leader.filter(isKept);
  const known = new Set(order);
  if (other.every((segment) => known.has(segment) || !isKept(segment))) return order;
  return weave(order, other.filter(isKept), known);
}

/** A linked list, since many elements may go in at many places. */
function weave(order: readonly string[], other: readonly string[], known: ReadonlySet<string>): string[] {
  const start = Symbol('before the first');
  const next = new Map<string | symbol, string>();
  order.reduce<string | symbol>((before, segment) => {
    next.set(before, segment);
    return segment;
  }, start);
  const others = new Set(other);
  let neighbour: string | symbol = start;
  for (const segment of other) {
    if (!known.has(segment)) {
      let place = neighbour;
      for (let after = next.get(place); after !== undefined && !others.has(after); after = next.get(place))
        place = after;
      const after = next.get(place);
      next.set(place, segment);
      if (after !== undefined) next.set(segment, after);
    }
    neighbour = segment;
  }
  const woven: string[] = [];
  for (let segment = next.get(start); segment !== undefined; segment = next.get(segment)) woven.push(segment);
  return woven;
}

function placesOf(segments: readonly string[]): ReadonlyMap<string, number> {
  return new Map(segments.map((segment, place) => [segment, place]));
}

/** Whether those of the segments that have a place come in the order of their places. */
function isAscending(segments: readonly string[], places: ReadonlyMap<string, number>): boolean {
  let last = -1;
  for (const segment of segments) {
    const place = places.get(segment);
    if (place === undefined) continue;
    if (place < last) return false;
    last = place;
  }
  return true;
}
