import type { ExceededLimit } from './exceeded-limits.tsx';

interface Planned {
  readonly entityType: string;
  readonly plan: { readonly exceeded: readonly Omit<ExceededLimit, 'entityType'>[] } | null;
}

/** Pure. All limits that a run's plan is over. */
export function limitsOf(entityTypes: readonly Planned[]): readonly ExceededLimit[] {
  return entityTypes.flatMap(({ entityType, plan }) =>
    (plan?.exceeded ?? []).map((limit) => ({ ...limit, entityType })),
  );
}
