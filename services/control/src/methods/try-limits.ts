import type { EntityType } from '@flotilla/substrate/model';
import { type JudgedRun, judgeAgain, type UnknownReason } from '@flotilla/substrate/pipeline';
import {
  type Action,
  type Direction,
  type Limit,
  limitFor,
  mostAllowed,
  type SafetyLimits,
  schoolLimitFor,
} from '@flotilla/substrate/settings/safety-limits';

/** Something said twice: under the limits that are stored, and under those that are tried. */
export interface Both<T> {
  readonly stored: T;
  readonly tried: T;
}

/** A limit, with how many records it lets through where so many are stored. */
export interface TriedLimit extends Limit {
  readonly allowed: number;
}

/** One way in which a run would change more than a limit allows. */
export interface LimitPassed {
  readonly runId: string;
  /** When the run was asked for. */
  readonly at: string;
  readonly entityType: string;
  readonly action: Action;
  readonly direction: Direction;
  /** Present where the limit is one within a school. */
  readonly school?: string;
  /** Records that the run would change so, of how many that were stored then. */
  readonly count: number;
  readonly of: number;
  /** Null: there is none. */
  readonly limit: Both<TriedLimit | null>;
  readonly held: Both<boolean>;
  /** Whether the run was held when it came, by whatever limit. */
  readonly wasHeld: boolean;
}

/** What cannot be said of a run's entity type, since it was not kept. */
export interface LimitUnclear {
  readonly runId: string;
  readonly at: string;
  readonly entityType: string;
  readonly reason: UnknownReason;
  readonly unclear: Both<boolean>;
}

export interface LimitsTrial {
  readonly runs: number;
  /** When the earliest of them was asked for; null where there are none. */
  readonly since: string | null;
  /** How many runs: were held when they came, and would be. */
  readonly held: Both<number> & { readonly actually: number };
  /** How many runs are not known to be held, and may be. */
  readonly unclear: Both<number>;
  /** The latest run first; of a run, limits of whole sets before those within schools. */
  readonly passed: readonly LimitPassed[];
  readonly unknown: readonly LimitUnclear[];
}

/** Pure. Which of these runs limits would have held, beside others. It is judged as the run itself judges, by the counts that it kept. */
export function tryLimits(runs: readonly JudgedRun[], limits: Both<SafetyLimits>): LimitsTrial {
  const judged = runs.map((run) => judgeRun(run, limits));
  const count = (isSo: (run: RunTrial) => boolean) => judged.filter(isSo).length;
  const isHeld = (side: keyof Both<unknown>) => (run: RunTrial) => run.passed.some(({ held }) => held[side]);
  const isUnclear = (side: keyof Both<unknown>) => (run: RunTrial) =>
    !isHeld(side)(run) && run.unknown.some(({ unclear }) => unclear[side]);
  return {
    runs: runs.length,
    since: runs.at(-1)?.run.requestedAt ?? null,
    held: {
      actually: count(({ wasHeld }) => wasHeld),
      stored: count(isHeld('stored')),
      tried: count(isHeld('tried')),
    },
    unclear: { stored: count(isUnclear('stored')), tried: count(isUnclear('tried')) },
    passed: judged.flatMap(({ passed }) => passed),
    unknown: judged.flatMap(({ unknown }) => unknown),
  };
}

interface RunTrial {
  readonly wasHeld: boolean;
  readonly passed: readonly LimitPassed[];
  readonly unknown: readonly LimitUnclear[];
}

function judgeRun({ run, entityTypes }: JudgedRun, limits: Both<SafetyLimits>): RunTrial {
  const { runId, requestedAt: at, state, decision } = run;
  const wasHeld = decision !== null || heldStates.has(state);
  const passed: LimitPassed[] = [];
  const unknown: LimitUnclear[] = [];
  for (const kept of entityTypes) {
    const { entityType } = kept;
    const by = { stored: judgeAgain(kept, limits.stored), tried: judgeAgain(kept, limits.tried) };
    const reason = by.tried.unknown ?? by.stored.unknown;
    if (reason !== null) {
      const unclear = { stored: by.stored.unknown !== null, tried: by.tried.unknown !== null };
      unknown.push({ runId, at, entityType, reason, unclear });
    }
    const keyOf = ({ direction, action, school }: Way) => JSON.stringify([direction, action, school]);
    const [stored, tried] = [by.stored, by.tried].map(({ exceeded }) => new Set(exceeded.map(keyOf)));
    const either = new Map([...by.stored.exceeded, ...by.tried.exceeded].map((one) => [keyOf(one), one]));
    for (const [key, { direction, action, school, planned, stored: of }] of either) {
      const way = { direction, action, ...(school === undefined ? {} : { school }) };
      const limitOf = (side: SafetyLimits) => limitOn(side, entityType as EntityType, way, of);
      passed.push({
        runId,
        at,
        entityType,
        ...way,
        count: planned,
        of,
        limit: { stored: limitOf(limits.stored), tried: limitOf(limits.tried) },
        held: { stored: stored?.has(key) === true, tried: tried?.has(key) === true },
        wasHeld,
      });
    }
  }
  const isOfSchool = ({ school }: LimitPassed) => Number(school !== undefined);
  return { wasHeld, passed: passed.toSorted((a, b) => isOfSchool(a) - isOfSchool(b)), unknown };
}

/** What a run is in, or ends in, that was held and not approved. */
const heldStates: ReadonlySet<string> = new Set(['held', 'rejected', 'expired']);

type Way = Pick<LimitPassed, 'direction' | 'action' | 'school'>;

function limitOn(
  limits: SafetyLimits,
  entityType: EntityType,
  { direction, action, school }: Way,
  of: number,
): TriedLimit | null {
  const limit =
    school === undefined
      ? limitFor(limits, entityType, direction, action)
      : schoolLimitFor(limits, direction, action);
  return limit === undefined ? null : { ...limit, allowed: mostAllowed(limit, of) };
}
