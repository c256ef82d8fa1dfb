import { sides, verbs } from './exceeded-limits.tsx';
import type { PlannedEntityType } from './planned-counts.tsx';
import { sayCount } from './say-count.ts';

const actions = ['create', 'update', 'delete'] as const;

/** Pure. A line for each way in which a plan changes records: `453 records deleted on our side: 53 user, 400 enrollment`. */
export function sayPlan(entityTypes: readonly PlannedEntityType[]): readonly string[] {
  return (['toOurs', 'toTheirs'] as const).flatMap((direction) =>
    actions.flatMap((action) => {
      const counts = entityTypes
        .map(({ entityType, plan }) => ({ entityType, count: plan?.counts[direction][action] ?? 0 }))
        .filter(({ count }) => count > 0);
      if (counts.length === 0) return [];
      const all = counts.reduce((sum, { count }) => sum + count, 0);
      const each = counts.map(({ entityType, count }) => `${count.toLocaleString()} ${entityType}`);
      return `${sayCount(all, 'record')} ${verbs[action]} ${sides[direction]}: ${each.join(', ')}`;
    }),
  );
}
