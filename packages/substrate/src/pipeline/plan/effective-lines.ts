import type { PlanLine } from '../../merge/plan.ts';
import type { Direction } from '../../settings/safety-limits.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { writableLines } from '../push/writable.ts';
import type { Slice } from '../slice.ts';
import type { MergedRecord } from './merge-staged.ts';

/** On which sides a run's plan takes effect: ours while changes are pulled and kept, the vendor's while they are pushed. */
export type EffectiveSides = Readonly<Record<Direction, boolean>>;

export function effectiveSides({ settings, mergeOf }: Slice, entity: Entity): EffectiveSides {
  const { pull, persist } = settings.steps;
  return { toOurs: pull && persist, toTheirs: mergeOf(entity).isPushed };
}

/** Pure. The lines of a merged record that would take effect on one side; those that the vendor does not take never do. */
export function effectiveLines(
  entity: Entity,
  sides: EffectiveSides,
  merged: MergedRecord,
  direction: Direction,
): readonly PlanLine[] {
  if (!sides[direction]) return [];
  return direction === 'toOurs' ? merged.merge.toOurs : writableLines(entity, merged);
}
