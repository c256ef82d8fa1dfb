import { digestJson } from '../../json/digest.ts';
import { isJsonObject, type JsonValue } from '../../json/json-value.ts';
import type { Conflict, Decision, RecordSides } from '../merge-record.ts';
import { createChooser } from './chooser.fixture.ts';
import { demand, demandSame, type Law, law, saysNothing } from './law.fixture.ts';
import { resolvedAs } from './map-settings.fixture.ts';
import { type MergeCase, mergeCases } from './merge-case.fixture.ts';
import { decideAll, type MergeUnderTest } from './merge-under-test.fixture.ts';
import { meaningOf, textOf } from './normal-form.fixture.ts';
import { isList } from './own-members.fixture.ts';
import {
  elementsByKey,
  listSpecAt,
  type Path,
  pathIn,
  type Reading,
  readSettings,
  strategyAt,
  valueAt,
} from './paths.fixture.ts';
import { settledOrder } from './settled-order.fixture.ts';

/** Laws 8, 18, 19: what a conflict is, what it does to its record, and what a decision does to it. */
export const conflictLaws: readonly Law[] = [
  law(
    8,
    'conflicts are real, as deep as can be, none within another, and left to a person by the settings',
    mergeCases,
    checkConflicts,
  ),
  law(
    18,
    'a record that is held plans nothing and comes out of the next merge with the same conflicts',
    mergeCases,
    checkHeld,
  ),
  law(
    19,
    'deciding every conflict for one side is what resolving for that side does; a decision holds while its inputs do',
    mergeCases,
    checkDecisions,
  ),
];

function checkConflicts(subject: MergeUnderTest, { base, ours, theirs, settings }: MergeCase): unknown {
  const reading = readSettings(settings);
  const { conflicts, isHeld } = subject.merge({ base, ours, theirs }, settings);
  demand(isHeld === conflicts.length > 0, 'held exactly where there is a conflict', () => conflicts);
  const paths = conflicts.map(({ pointer }) => pathIn(reading, { base, ours, theirs }, pointer));
  for (const [index, conflict] of conflicts.entries()) {
    const path = paths[index] ?? [];
    demandQuotes(reading, conflict, path, { base, ours, theirs });
    demandReal(reading, conflict, path);
    demand(!canGoDeeper(reading, conflict, path), 'a conflict is as deep as can be', () => conflict);
    demandSame(strategyAt(reading, path), 'manual', 'only what the settings leave to a person is');
    demand(conflict.rule.startsWith('manual ('), 'the rule says why it was left to a person', () => conflict);
    const isApart = (other: Path, at: number) =>
      at === index || path.some((segment, depth) => depth < other.length && segment !== other[depth]);
    demand(paths.every(isApart), 'no conflict lies within another', () => conflicts);
  }
  return isHeld ? undefined : saysNothing;
}

function demandQuotes(reading: Reading, conflict: Conflict, path: Path, sides: RecordSides): void {
  for (const side of ['base', 'ours', 'theirs'] as const) {
    const [quoted, held] = [conflict[side], valueAt(reading, sides[side], path)];
    const text = (value: JsonValue | undefined) =>
      textOf(reading.nullIsAbsent && value === null ? undefined : value);
    demandSame(text(quoted), text(held), `the conflict at ${conflict.pointer} says what ${side} has`);
  }
  const { base, ours, theirs, inputs } = conflict;
  if (reading.volatile.length > 0 || reading.nullIsAbsent) return;
  if (reading.lists.some((list) => list.value === 'set')) return;
  const values = Object.entries({ base, ours, theirs }).filter(([, value]) => value !== undefined);
  demandSame(inputs, digestJson(Object.fromEntries(values)), 'the inputs are the digest of the three values');
}

function demandReal(reading: Reading, conflict: Conflict, path: Path): void {
  const [b, o, t] = [conflict.base, conflict.ours, conflict.theirs].map((value) => {
    return reading.nullIsAbsent && value === null
      ? 'absent'
      : meaningOf(reading, value, path, { toLists: true });
  });
  demand(b !== o && b !== t && o !== t, 'a conflict has three values', () => conflict);
  const isGone = o === 'absent' || t === 'absent';
  const kind = b === 'absent' ? 'add/add' : isGone ? 'delete/modify' : 'modify/modify';
  demandSame(conflict.kind, kind, 'a conflict is of the kind that its values say');
}

/** Two objects, or two keyed lists, are merged by what is in them, at least where base has one too, or nothing. */
function canGoDeeper(reading: Reading, { base, ours, theirs }: Conflict, path: Path): boolean {
  const all = [ours, theirs, ...(base === undefined ? [] : [base])];
  if (all.every((value) => value !== undefined && isJsonObject(value))) return true;
  const spec = listSpecAt(reading, path);
  if (spec === undefined || spec === 'set') return false;
  return all.every((value) => isList(value) && elementsByKey(value, spec.key) !== undefined);
}

function checkHeld(subject: MergeUnderTest, { base, ours, theirs, settings }: MergeCase): unknown {
  const first = subject.merge({ base, ours, theirs }, settings);
  if (!first.isHeld) return saysNothing;
  demand(
    first.toOurs.length === 0 && first.toTheirs.length === 0 && first.result === undefined && !first.isAgreed,
    'a held record plans nothing and moves no base',
    () => first,
  );
  const second = subject.merge({ base, ours, theirs }, { ...settings });
  demandSame(JSON.stringify(second), JSON.stringify(first), 'the same conflicts are found again');
  return undefined;
}

function checkDecisions(subject: MergeUnderTest, { base, ours, theirs, settings, seed }: MergeCase): unknown {
  const reading = readSettings(settings);
  const sides = { base, ours, theirs };
  const merge = subject.merge(sides, settings);
  if (!merge.isHeld) return saysNothing;
  for (const choice of ['ours', 'theirs'] as const) {
    const decided = subject.merge(sides, settings, decideAll(merge, choice));
    const resolution = choice === 'ours' ? 'resolveOurs' : 'resolveTheirs';
    demand(!decided.isHeld && decided.stale.length === 0, 'what is decided is not held', () => decided);
    const resolved = subject.merge(sides, resolvedAs(settings, resolution));
    const seesOrder = settledOrder(reading, sides, decided.result);
    demandSame(
      meaningOf(reading, decided.result, [], { seesOrder }),
      meaningOf(reading, resolved.result, [], { seesOrder }),
      `deciding all for ${choice} is ${resolution}`,
    );
  }
  checkOwnValue(subject, sides, settings, merge.conflicts, seed);
  return undefined;
}

/** A value of the person's own, and a decision that was made on other inputs than these. */
function checkOwnValue(
  subject: MergeUnderTest,
  sides: RecordSides,
  settings: MergeCase['settings'],
  conflicts: readonly Conflict[],
  seed: number,
): void {
  const reading = readSettings(settings);
  const chosen = createChooser(seed).pick(conflicts);
  const path = pathIn(reading, sides, chosen.pointer);
  const others = conflicts.filter((conflict) => conflict !== chosen);
  const forOurs = others.map(({ pointer, inputs }): Decision => ({ pointer, inputs, choice: 'ours' }));
  const stale: Decision = { pointer: chosen.pointer, inputs: digestJson('other inputs'), choice: 'ours' };
  const held = subject.merge(sides, settings, [...forOurs, stale]);
  demandSame(
    JSON.stringify(held.conflicts),
    JSON.stringify([chosen]),
    'a stale decision leaves its conflict, and only that',
  );
  demandSame(JSON.stringify(held.stale), JSON.stringify([chosen.pointer]), 'a stale decision is named');
  // A record, and an element of a keyed list, can only be decided to be what they are.
  if (path.length === 0 || isList(valueAt(reading, sides.ours ?? sides.theirs, path.slice(0, -1)))) return;
  const own = { pointer: chosen.pointer, inputs: chosen.inputs, choice: { value: 'decided' } } as const;
  const decided = subject.merge(sides, settings, [...forOurs, own]);
  demand(!decided.isHeld, 'a value of one’s own settles the conflict', () => decided);
  demandSame(textOf(valueAt(reading, decided.result, path)), '"decided"', 'the result has the decision');
}
