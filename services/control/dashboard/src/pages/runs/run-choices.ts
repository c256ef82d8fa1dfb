export const runStates = [
  'queued',
  'running',
  'held',
  'succeeded',
  'unchanged',
  'partial',
  'failed',
  'rejected',
  'expired',
] as const;
export type RunStateName = (typeof runStates)[number];

export const contexts = ['nightly', 'realtime', 'manual'] as const;

/** What somebody should look at. */
export const inTrouble = 'failed,partial,held';

/** Pure. The states that an address names, separated by commas; undefined: all of them. */
export function statesOf(text: string | undefined): RunStateName[] | undefined {
  const named = text?.split(',') ?? [];
  const known = runStates.filter((state) => named.includes(state));
  return known.length === 0 ? undefined : known;
}

/** Pure. */
export function contextOf(text: string | undefined): (typeof contexts)[number] | undefined {
  return contexts.find((context) => context === text);
}
