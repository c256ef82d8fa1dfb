import type { EntityType } from '../../model/entity-types.ts';
import { schoolsOf } from '../../model/schools.ts';
import {
  type Action,
  actions,
  type Direction,
  directions,
  type Limit,
  limitFor,
  maximumSchools,
  mostAllowed,
  type SafetyLimits,
  schoolLimitFor,
} from '../../settings/safety-limits.ts';
import type { EntityTypePlan, ExceededLimit, PlannedCounts } from '../../store/runs.ts';
import type { MergedRecord } from './merge-staged.ts';

const noneOfBoth: PlannedCounts = {
  toOurs: { create: 0, update: 0, delete: 0 },
  toTheirs: { create: 0, update: 0, delete: 0 },
};

export const emptyPlan: EntityTypePlan = { counts: noneOfBoth, bySchool: {}, conflicts: 0, exceeded: [] };

/** Which of a plan's lines take effect: our side's while changes are pulled, the vendor's while they are pushed. */
export interface Effective {
  readonly toOurs: boolean;
  readonly toTheirs: boolean;
}

/** Pure. What a merged record's plan does on one side. */
export function actionOf({ merge }: MergedRecord, direction: Direction): Action | undefined {
  // A created or deleted record is one line; an updated one has a line a field.
  return merge[direction][0]?.action;
}

/** Pure. The plan with some more merged records counted. */
export function countPlan(
  plan: EntityTypePlan,
  entityType: EntityType,
  merged: readonly MergedRecord[],
  effective: Effective,
): EntityTypePlan {
  let { counts, conflicts } = plan;
  const bySchool: Record<string, PlannedCounts> = { ...plan.bySchool };
  for (const record of merged) {
    if (record.merge.isHeld) conflicts++;
    for (const direction of directions) {
      const action = effective[direction] ? actionOf(record, direction) : undefined;
      if (action === undefined) continue;
      counts = withOneMore(counts, direction, action);
      for (const school of schoolsOfMerged(entityType, record)) {
        const counted = Object.hasOwn(bySchool, school) ? bySchool[school] : undefined;
        if (counted === undefined && Object.keys(bySchool).length >= maximumSchools) continue;
        bySchool[school] = withOneMore(counted ?? noneOfBoth, direction, action);
      }
    }
  }
  return { ...plan, counts, conflicts, bySchool };
}

/** The school that a record is of, as it will be; of one that goes, as it was. */
function schoolsOfMerged(entityType: EntityType, { recordId, merge, ours, theirs }: MergedRecord) {
  const value = merge.result ?? theirs.value ?? ours;
  return value === undefined ? [] : schoolsOf(entityType, recordId, value);
}

function withOneMore(counts: PlannedCounts, direction: Direction, action: Action): PlannedCounts {
  const side = counts[direction];
  return { ...counts, [direction]: { ...side, [action]: side[action] + 1 } };
}

/**
 * Pure. The limits that a plan is over. `stored` are the records before it, `received` those that came of each school. What a person has
 * approved already (`approved`) is no news.
 */
export function judgePlan(
  plan: EntityTypePlan,
  entityType: EntityType,
  limits: SafetyLimits,
  known: {
    readonly stored: number;
    readonly received: Readonly<Record<string, number>>;
    readonly approved: readonly ExceededLimit[];
  },
): readonly ExceededLimit[] {
  const found: ExceededLimit[] = [];
  function judge(limit: Limit | undefined, exceeded: Omit<ExceededLimit, 'allowed'>): void {
    if (limit === undefined) return;
    const allowed = mostAllowed(limit, exceeded.stored);
    const approved = known.approved.find((one) => isSameLimit(one, exceeded));
    if (exceeded.planned > Math.max(allowed, approved?.planned ?? 0)) found.push({ ...exceeded, allowed });
  }
  for (const direction of directions) {
    for (const action of actions) {
      const planned = plan.counts[direction][action];
      const { stored } = known;
      judge(limitFor(limits, entityType, direction, action), { direction, action, planned, stored });
      for (const [school, counts] of Object.entries(plan.bySchool)) {
        const ofSchool = storedOfSchool(
          counts,
          Object.hasOwn(known.received, school) ? known.received[school] : 0,
        );
        judge(schoolLimitFor(limits, direction, action), {
          direction,
          action,
          school,
          planned: counts[direction][action],
          stored: ofSchool,
        });
      }
    }
  }
  return found;
}

/** Nobody counts what is stored of each school; it is what came, without what is new, and with what is gone. */
function storedOfSchool({ toOurs }: PlannedCounts, received = 0): number {
  return Math.max(0, received - toOurs.create + toOurs.delete);
}

/** Pure. Whether both speak of the same limit. */
export function isSameLimit(a: Omit<ExceededLimit, 'allowed'>, b: Omit<ExceededLimit, 'allowed'>): boolean {
  return a.direction === b.direction && a.action === b.action && a.school === b.school;
}

/** Pure. Whether so few records could be over some limit. */
export function canExceed(limits: SafetyLimits, entityType: EntityType, records: number): boolean {
  return directions.some((direction) =>
    actions.some((action) =>
      [limitFor(limits, entityType, direction, action), schoolLimitFor(limits, direction, action)].some(
        (limit) => limit !== undefined && records > mostAllowed(limit, 0),
      ),
    ),
  );
}
