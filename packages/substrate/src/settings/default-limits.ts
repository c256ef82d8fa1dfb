import type { EntityType } from '../model/entity-types.ts';
import type { Action, Direction, Limit, LimitChoice } from './safety-limits.ts';

/** Pure. The limit that holds for one way of changing an entity type where nothing is chosen; without one, for most entity types. */
export function defaultLimit(
  entityType: EntityType | undefined,
  direction: Direction,
  action: Action,
): LimitChoice {
  const isMany =
    entityType !== undefined && direction === 'toOurs' && action === 'delete' && manyAPerson.has(entityType);
  return isMany ? manyDeleted : fleetLimits[direction][action];
}

/** Pure. As `defaultLimit`, within one school; undefined: none. */
export function defaultSchoolLimit(direction: Direction, action: Action): LimitChoice | undefined {
  return schoolLimits[direction][action];
}

/**
 * What holds where nothing else is chosen. A school year's turn is meant to be looked at; a day's work is not. Deleting and writing into
 * the vendor are watched most closely. `create` towards us has none: a first sync creates everything, and creations are taken back easily;
 * a vendor that gives everybody a new id is caught by as many deletions.
 */
const fleetLimits: Readonly<Record<Direction, Readonly<Record<Action, LimitChoice>>>> = {
  toOurs: {
    create: 'off',
    update: { percent: 50, floor: 200 },
    delete: { percent: 10, floor: 10 },
  },
  toTheirs: {
    create: { percent: 20, floor: 50 },
    update: { percent: 20, floor: 50 },
    delete: { percent: 5, floor: 10 },
  },
};

/** One person has many of these: with a class or a handful of students, dozens go. */
const manyAPerson: ReadonlySet<EntityType> = new Set<EntityType>([
  'enrollment',
  'lineItem',
  'result',
  'attendanceEvent',
  'assessmentResult',
]);
const manyDeleted: Limit = { percent: 10, floor: 50 };

/** One school is a small set: only its wholesale disappearance is worth a stop. */
const schoolLimits: Readonly<Record<Direction, Readonly<Partial<Record<Action, LimitChoice>>>>> = {
  toOurs: { delete: { percent: 50, floor: 10 } },
  toTheirs: { delete: { percent: 25, floor: 10 } },
};
