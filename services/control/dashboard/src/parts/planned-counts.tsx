import { Link } from '@tanstack/react-router';
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

interface PlannedCountsProps {
  readonly run: {
    readonly customerId: string;
    readonly runId: string;
    readonly entityTypes: readonly PlannedEntityType[];
  };
}

/** How many records a run would change, by entity type; what nobody would touch is left out. Each number leads to its records. */
export function PlannedCounts({ run }: PlannedCountsProps) {
  const { entityTypes } = run;
  const rows = entityTypes.filter(({ plan }) => sumOf(plan) > 0);
  const uncounted = entityTypes.filter(({ plan }) => plan === null).map(({ entityType }) => entityType);
  const columns = directions.flatMap((direction) =>
    actions
      .filter((action) => rows.some(({ plan }) => (plan?.counts[direction][action] ?? 0) > 0))
      .map((action) => ({
        title: `${verbs[action]} ${sides[direction]}`,
        isNumber: true,
        cell: ({ plan, entityType }: PlannedEntityType) => (
          <Count
            run={run}
            count={plan?.counts[direction][action] ?? 0}
            of={{ entityType, direction, action }}
          />
        ),
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
                  cell: ({ plan, entityType }: PlannedEntityType) => (
                    <Count run={run} count={plan?.conflicts ?? 0} of={{ entityType, action: 'conflict' }} />
                  ),
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

interface CountProps {
  readonly run: PlannedCountsProps['run'];
  readonly count: number;
  readonly of: { readonly entityType: string; readonly direction?: string; readonly action: string };
}

function Count({ run: { customerId, runId }, count, of }: CountProps) {
  if (count === 0) return '0';
  return (
    <Link to="/customers/$customerId/runs/$runId/plan" params={{ customerId, runId }} search={of}>
      {count.toLocaleString()}
    </Link>
  );
}

function sumOf(plan: PlannedEntityType['plan']): number {
  if (plan === null) return 0;
  return directions.reduce(
    (total, direction) => total + actions.reduce((sum, action) => sum + plan.counts[direction][action], 0),
    plan.conflicts,
  );
}
