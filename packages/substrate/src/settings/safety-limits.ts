import { z } from 'zod';
import { strictMembers } from '../merge/rules/setting-words.ts';
import { type EntityType, entityTypeNames } from '../model/entity-types.ts';
import { defaultLimit, defaultSchoolLimit } from './default-limits.ts';

/** Which side changes, and how: what a limit is for. */
export const directions = ['toOurs', 'toTheirs'] as const;
export type Direction = (typeof directions)[number];
export const actions = ['create', 'update', 'delete'] as const;
export type Action = (typeof actions)[number];

/** How many records a run may change in one way before a person must look. */
export const Limit = strictMembers({
  percent: z.number().min(0).max(100).describe('Of the records of the entity type that are stored'),
  floor: z.int().min(0).describe('So many are always let through, however few there are'),
  count: z.int().min(0).optional().describe('Never more than this many, whatever the percentage'),
});
export type Limit = z.output<typeof Limit>;

const LimitOrOff = z.union([Limit, z.literal('off')], {
  error: 'a limit such as {"percent": 10, "floor": 20}, or "off"',
});

const Limits = strictMembers({
  create: LimitOrOff.optional(),
  update: LimitOrOff.optional(),
  delete: LimitOrOff.optional(),
});

const BothDirections = strictMembers({ toOurs: Limits.optional(), toTheirs: Limits.optional() });

/** Schools whose records are counted apart; a state's or a nation's set beyond that is watched as a whole. */
export const maximumSchools = 5_000;

/** Over a limit the whole run is held until somebody approves it; nothing of it has been applied by then. */
export const SafetyLimits = strictMembers({
  ...BothDirections.shape,
  entityTypes: z
    .partialRecord(z.enum(entityTypeNames as [EntityType, ...EntityType[]]), BothDirections)
    .optional()
    .describe('Other limits for an entity type'),
  perSchool: BothDirections.optional().describe('The same, counted within each school'),
});
export type SafetyLimits = z.output<typeof SafetyLimits>;
export type LimitChoice = Limit | 'off';

/** Pure. The limit that holds for one way of changing an entity type; undefined: none. */
export function limitFor(
  limits: SafetyLimits,
  entityType: EntityType,
  direction: Direction,
  action: Action,
): Limit | undefined {
  const chosen =
    limits.entityTypes?.[entityType]?.[direction]?.[action] ??
    limits[direction]?.[action] ??
    defaultLimit(entityType, direction, action);
  return chosen === 'off' ? undefined : chosen;
}

/** Pure. As `limitFor`, within one school. */
export function schoolLimitFor(
  limits: SafetyLimits,
  direction: Direction,
  action: Action,
): Limit | undefined {
  const chosen = limits.perSchool?.[direction]?.[action] ?? defaultSchoolLimit(direction, action);
  return chosen === 'off' ? undefined : chosen;
}

/** Pure. The most records that may change where `stored` are stored. */
export function mostAllowed({ percent, floor, count }: Limit, stored: number): number {
  const share = Math.max(floor, Math.floor((stored * percent) / 100));
  return count === undefined ? share : Math.min(share, count);
}
