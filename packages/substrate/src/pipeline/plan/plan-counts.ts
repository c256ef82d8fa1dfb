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
import type { Entity } from '../../vendor/define-entity.ts';
import { type EffectiveSides, effectiveLines } from './effective-lines.ts';
import type { MergedRecord } from './merge-staged.ts';

const noneOfBoth: PlannedCounts = {
  toOurs: { create: 0, update: 0, delete: 0 },
  toTheirs: { create: 0, update: 0, delete: 0 },
};

export const emptyPlan: EntityTypePlan = { counts: noneOfBoth, bySchool: {}, conflicts: 0, exceeded: [] };

/** Pure. The plan with some more merged records counted, as far as they take effect. */
export function countPlan(
  plan: EntityTypePlan,
  entity: Entity,
  merged: readonly MergedRecord[],
  sides: EffectiveSides,
): EntityTypePlan {
  let { counts, conflicts } = plan;
  const bySchool = new Map(Object.entries(plan.bySchool));
  for (const record of merged) {
    if (record.merge.isHeld) conflicts++;
    for (const direction of directions) {
      // A created or deleted record is one line; an updated one has a line a field.
      const action = effectiveLines(entity, sides, record, direction)[0]?.action;
      if (action === undefined) continue;
      counts = withOneMore(counts, direction, action);
      for (const school of schoolsOfMerged(entity.entityType, record)) {
        const counted = bySchool.get(school);
        if (counted === undefined && bySchool.size >= maximumSchools) continue;
        bySchool.set(school, withOneMore(counted ?? noneOfBoth, direction, action));
      }
    }
  }
  return { ...plan, counts, conflicts, bySchool: Object.fromEntries(bySchool) };
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

/** Pure. The limits that a plan is over. `stored` are the records before it, `received` those that came of each school. */
export function judgePlan(
  plan: EntityTypePlan,
  entityType: EntityType,
  limits: SafetyLimits,
  { stored, received }: { readonly stored: number; readonly received: Readonly<Record<string, number>> },
): readonly ExceededLimit[] {
  const found: ExceededLimit[] = [];
  function judge(limit: Limit | undefined, planned: Omit<ExceededLimit, 'allowed'>): void {
    const allowed = limit === undefined ? planned.planned : mostAllowed(limit, planned.stored);
    if (planned.planned > allowed) found.push({ ...planned, allowed });
  }
  const areAllCounted = Object.keys(received).length < maximumSchools;
  for (const direction of directions) {
    for (const action of actions) {
      const planned = plan.counts[direction][action];
      judge(limitFor(limits, entityType, direction, action), { direction, action, planned, stored });
      const limit = schoolLimitFor(limits, direction, action);
      for (const [school, counts] of Object.entries(plan.bySchool)) {
        const came = Object.hasOwn(received, school) ? received[school] : 0;
        // How large a school is that was not counted apart, nobody knows.
        if (came === 0 && !areAllCounted) continue;
        const before = storedOfSchool(counts, came);
        judge(limit, { direction, action, school, planned: counts[direction][action], stored: before });
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

/**
 * Pure. Whether so few staged records could be over some limit, whatever the merge finds in them. All of a first sync is created on our
 * side.
 */
export function canExceed(
  limits: SafetyLimits,
  entityType: EntityType,
  { records, isFirst }: { readonly records: number; readonly isFirst: boolean },
): boolean {
  return directions.some((direction) =>
    actions.some((action) => {
      if (isFirst && !(direction === 'toOurs' && action === 'create')) return false;
      return [
        limitFor(limits, entityType, direction, action),
        schoolLimitFor(limits, direction, action),
      ].some((limit) => limit !== undefined && records > mostAllowed(limit, 0));
    }),
  );
}
