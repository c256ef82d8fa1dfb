/** Pure. Who decides about a field. `always*` take that side without a look at base; the others act only where both sides changed it. */
export const strategies = ['manual', 'resolveOurs', 'resolveTheirs', 'alwaysOurs', 'alwaysTheirs'] as const;

export type Strategy = (typeof strategies)[number];

/** `base` is the copy that both sides last agreed on. */
export type Side = 'ours' | 'theirs';

/** The side that a field is always taken from, if its strategy says so. */
export function sideAlwaysTaken(strategy: Strategy): Side | undefined {
  if (strategy === 'alwaysOurs') return 'ours';
  return strategy === 'alwaysTheirs' ? 'theirs' : undefined;
}

/** The side that wins where both changed a field; undefined: a person decides. */
export function sideOfResolution(strategy: Strategy): Side | undefined {
  if (strategy === 'manual') return undefined;
  return strategy === 'resolveOurs' || strategy === 'alwaysOurs' ? 'ours' : 'theirs';
}
