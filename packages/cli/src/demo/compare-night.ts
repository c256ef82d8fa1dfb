import type { RunReport } from '@flotilla/substrate/report/run-report';
import type { EditCounts } from './simulated-provider.ts';

export interface ActionCounts {
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
}

/** By entity type. */
export type ExpectedCounts = ReadonlyMap<string, ActionCounts>;

/** One entity type of one run: what must be in its report, and what is. */
export interface Comparison {
  readonly entityType: string;
  readonly expected: ActionCounts;
  readonly reported: ActionCounts;
  readonly isEqual: boolean;
}

/** OneRoster's collections and our entity types. */
const entityTypesByCollection: Readonly<Record<string, string>> = {
  orgs: 'org',
  academicSessions: 'academicSession',
  courses: 'course',
  classes: 'class',
  users: 'user',
  enrollments: 'enrollment',
  demographics: 'demographics',
  categories: 'category',
  lineItems: 'lineItem',
  results: 'result',
};

const nothing: ActionCounts = { created: 0, updated: 0, deleted: 0 };

/** Pure. On the first night every record of the provider is created. */
export function expectFirstNight(counts: Readonly<Record<string, number>>): ExpectedCounts {
  return new Map(
    Object.entries(counts).map(([collection, created]) => [
      entityTypeOf(collection),
      { ...nothing, created },
    ]),
  );
}

/** Pure. Records by entity type, without those of which there are none. */
export function countByEntityType(
  counts: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([collection, count]) => [entityTypeOf(collection), count]),
  );
}

/** Pure. On a later night exactly what was edited. */
export function expectEdits(counts: EditCounts): ExpectedCounts {
  return new Map(
    Object.entries(counts).map(([collection, { created, updated, removed }]) => [
      entityTypeOf(collection),
      { created, updated, deleted: removed },
    ]),
  );
}

/** Pure. Every entity type that is expected or reported; one that either side does not name counts as nothing. */
export function compareReport(
  expectedByEntityType: ExpectedCounts,
  { steps }: Pick<RunReport, 'steps'>,
): readonly Comparison[] {
  const reportedByEntityType = new Map(steps.map(({ entityType, counts }) => [entityType, counts]));
  const entityTypes = new Set([...reportedByEntityType.keys(), ...expectedByEntityType.keys()]);
  return [...entityTypes].map((entityType) => {
    const expected = expectedByEntityType.get(entityType) ?? nothing;
    const { created, updated, deleted } = reportedByEntityType.get(entityType) ?? nothing;
    const reported = { created, updated, deleted };
    return { entityType, expected, reported, isEqual: isEqual(expected, reported) };
  });
}

/** Pure. `3 created, 6 updated`; `nothing` */
export function describeCounts(counts: ActionCounts): string {
  const parts = (['created', 'updated', 'deleted'] as const)
    .filter((action) => counts[action] > 0)
    .map((action) => `${counts[action].toLocaleString('en-US')} ${action}`);
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

/** Pure. The sum of all. */
export function addCounts(list: readonly ActionCounts[]): ActionCounts {
  return list.reduce(
    (sum, { created, updated, deleted }) => ({
      created: sum.created + created,
      updated: sum.updated + updated,
      deleted: sum.deleted + deleted,
    }),
    nothing,
  );
}

function isEqual(a: ActionCounts, b: ActionCounts): boolean {
  return a.created === b.created && a.updated === b.updated && a.deleted === b.deleted;
}

function entityTypeOf(collection: string): string {
  return entityTypesByCollection[collection] ?? collection;
}
