import { sides, verbs } from './exceeded-limits.tsx';
import type { PlannedEntityType } from './planned-counts.tsx';

const actions = ['create', 'update', 'delete'] as const;

/** Pure. A line for each way in which a plan changes records: `on our side 453 deleted: 53 user, 400 enrollment`. */
export function sayPlan(entityTypes: readonly PlannedEntityType[]): readonly string[] {
  return (['toOurs', 'toTheirs'] as const).flatMap((direction) =>
    actions.flatMap((action) => {
      const counts = entityTypes
        .map(({ entityType, plan }) => ({ entityType, count: plan?.counts[direction][action] ?? 0 }))
        .filter(({ count }) => count > 0);
      if (counts.length === 0) return [];
      const all = counts.reduce((sum, { count }) => sum + count, 0);
      const each = counts.map(({ entityType, count }) => `${count.toLocaleString()} ${entityType}`);
      return `${sides[direction]} ${all.toLocaleString()} ${verbs[action]}: ${each.join(', ')}`;
    }),
  );
}
