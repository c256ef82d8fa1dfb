import type { Side } from '../strategy.ts';

/** Pure. What tells a list's elements apart, in order, on each side: see ElementIndex. */
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
  isKept: (identity: string) => boolean,
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
  isKept: (identity: string) => boolean,
): readonly string[] {
  const order = leader.filter(isKept);
  const known = new Set(order);
  if (other.every((identity) => known.has(identity) || !isKept(identity))) return order;
  return weave(order, other.filter(isKept), known);
}

/** A linked list, since many elements may go in at many places. */
function weave(order: readonly string[], other: readonly string[], known: ReadonlySet<string>): string[] {
  const start = Symbol('before the first');
  const next = new Map<string | symbol, string>();
  order.reduce<string | symbol>((before, identity) => {
    next.set(before, identity);
    return identity;
  }, start);
  const others = new Set(other);
  let neighbour: string | symbol = start;
  for (const identity of other) {
    if (!known.has(identity)) {
      let place = neighbour;
      for (let after = next.get(place); after !== undefined && !others.has(after); after = next.get(place))
        place = after;
      const after = next.get(place);
      next.set(place, identity);
      if (after !== undefined) next.set(identity, after);
    }
    neighbour = identity;
  }
  const woven: string[] = [];
  for (let identity = next.get(start); identity !== undefined; identity = next.get(identity))
    woven.push(identity);
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
