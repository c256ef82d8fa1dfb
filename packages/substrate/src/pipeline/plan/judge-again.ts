import type { EntityType } from '../../model/entity-types.ts';
import {
  actions,
  directions,
  mostAllowed,
  type SafetyLimits,
  schoolLimitFor,
} from '../../settings/safety-limits.ts';
import type { EntityTypePlan, ExceededLimit, RunEntityType } from '../../store/runs.ts';
import { canExceed, emptyPlan, judgePlan } from './plan-counts.ts';

/** What a run keeps of an entity type by which it can be judged once more. */
export type JudgedCounts = Pick<
  RunEntityType,
  'entityType' | 'stage' | 'window' | 'counts' | 'stored' | 'plan' | 'schools'
>;

/**
 * Why it cannot be said of all limits whether they would have held a run. `uncounted`: how many records it would change was not counted, since
 * the limits of that time could not be exceeded. `schoolSizes`: only what had changed was fetched, and how large the schools were was not
 * counted.
 */
export const unknownReasons = ['uncounted', 'schoolSizes'] as const;
export type UnknownReason = (typeof unknownReasons)[number];

export interface Judgement {
  /** The limits that it is known to be over. */
  readonly exceeded: readonly ExceededLimit[];
  /** Null: it is over no others. */
  readonly unknown: UnknownReason | null;
}

/** Pure. What these limits would have said of an entity type in a run that has been judged by others: as the run judges, by what it kept. */
export function judgeAgain(kept: JudgedCounts, limits: SafetyLimits): Judgement {
  const { stage, stored, window } = kept;
  // It failed before any limit was asked.
  if (stage === 'failed' || stage === 'skipped') return { exceeded: [], unknown: null };
  const entityType = kept.entityType as EntityType;
  const plan = planOf(kept);
  if (plan === undefined) {
    const records = mostPlanned(kept);
    const isKnown = !canExceed(limits, entityType, { records, isFirst: stored === 0 });
    return { exceeded: [], unknown: isKnown ? null : 'uncounted' };
  }
  const received = window === null ? kept.schools : plan.schoolSizes;
  if (received !== undefined)
    return { exceeded: judgePlan(plan, entityType, limits, { stored, received }), unknown: null };
  const wholes = { ...plan, bySchool: {} };
  return {
    exceeded: judgePlan(wholes, entityType, limits, { stored, received: {} }),
    unknown: canExceedInSchools(plan, limits) ? 'schoolSizes' : null,
  };
}

/** Whether a run has come so far that limits could hold it. */
export function wasJudged(state: string, entityTypes: readonly Pick<RunEntityType, 'stage'>[]): boolean {
  if (state === 'queued' || state === 'running') return false;
  // It may have failed before all was planned.
  return state !== 'failed' || entityTypes.some(({ stage }) => appliedStages.has(stage));
}

const appliedStages: ReadonlySet<string> = new Set(['applying', 'removing', 'done']);

/** What was planned, as far as that was counted. Of a first sync it is what was done: everything was created on our side. */
function planOf({ plan, stage, stored, counts, schools }: JudgedCounts): EntityTypePlan | undefined {
  if (plan !== null) return plan;
  if (stored > 0 || stage !== 'done') return undefined;
  const created = (create: number) => ({
    ...emptyPlan.counts,
    toOurs: { create, update: 0, delete: 0 },
  });
  // Schools were counted as records came: also where nothing is taken over.
  const bySchool = Object.entries(counts.created === 0 ? {} : schools).map(
    ([school, count]) => [school, created(count)] as const,
  );
  return { ...emptyPlan, counts: created(counts.created), bySchool: Object.fromEntries(bySchool) };
}

/** No more than this can have been planned in any one way: what was planned was done, or refused by the vendor. */
function mostPlanned({ stage, counts }: JudgedCounts): number {
  if (stage !== 'done') return Number.MAX_SAFE_INTEGER;
  const { created, updated, deleted, pushCreated, pushUpdated, pushDeleted, pushFailed } = counts;
  return created + updated + deleted + pushCreated + pushUpdated + pushDeleted + pushFailed;
}

function canExceedInSchools({ bySchool }: EntityTypePlan, limits: SafetyLimits): boolean {
  return directions.some((direction) =>
    actions.some((action) => {
      const limit = schoolLimitFor(limits, direction, action);
      if (limit === undefined) return false;
      const fewest = mostAllowed(limit, 0);
      return Object.values(bySchool).some((counts) => counts[direction][action] > fewest);
    }),
  );
}
