import { DataTable } from './data-table.tsx';
import { sides, verbs } from './exceeded-limits.tsx';

interface ActionCounts {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
}

export interface PlannedEntityType {
  readonly entityType: string;
  readonly plan: {
    readonly counts: { readonly toOurs: ActionCounts; readonly toTheirs: ActionCounts };
    readonly conflicts: number;
  } | null;
}

const actions = ['create', 'update', 'delete'] as const;
const directions = ['toOurs', 'toTheirs'] as const;

/** How many records a run would change, by entity type; what nobody would touch is left out. */
export function PlannedCounts({ entityTypes }: { readonly entityTypes: readonly PlannedEntityType[] }) {
  const rows = entityTypes.filter(({ plan }) => sumOf(plan) > 0);
  const uncounted = entityTypes.filter(({ plan }) => plan === null).map(({ entityType }) => entityType);
  const columns = directions.flatMap((direction) =>
    actions
      .filter((action) => rows.some(({ plan }) => (plan?.counts[direction][action] ?? 0) > 0))
      .map((action) => ({
        title: `${verbs[action]} ${sides[direction]}`,
        isNumber: true,
        cell: ({ plan }: PlannedEntityType) => (plan?.counts[direction][action] ?? 0).toLocaleString(),
      })),
  );
  const hasConflicts = rows.some(({ plan }) => (plan?.conflicts ?? 0) > 0);
  return (
    <>
      <DataTable
        caption="Records that would change, by entity type"
        rows={rows}
        keyOf={({ entityType }) => entityType}
        empty="Nothing would change."
        isNumbers
        columns={[
          { title: 'Entity type', cell: ({ entityType }) => entityType },
          ...columns,
          ...(hasConflicts
            ? [
                {
                  title: 'in conflict',
                  isNumber: true,
                  cell: ({ plan }: PlannedEntityType) => (plan?.conflicts ?? 0).toLocaleString(),
                },
              ]
            : []),
        ]}
      />
      {uncounted.length === 0 ? null : (
        <p>
          Of {uncounted.join(', ')} nothing, or too little for any limit to look at: the records one by one
          show it.
        </p>
      )}
    </>
  );
}

function sumOf(plan: PlannedEntityType['plan']): number {
  if (plan === null) return 0;
  return directions.reduce(
    (total, direction) => total + actions.reduce((sum, action) => sum + plan.counts[direction][action], 0),
    plan.conflicts,
  );
}
