import type { JsonValue } from '../../json/json-value.ts';
import type { RecordMerge } from '../merge-record.ts';
import { fieldsOf } from './fields-of.fixture.ts';
import { leftToPerson } from './map-settings.fixture.ts';
import type { MergeCase } from './merge-case.fixture.ts';
import { settle, theCore } from './merge-under-test.fixture.ts';
import { meaningOf } from './normal-form.fixture.ts';
import { isList } from './own-members.fixture.ts';
import {
  elementsByKey,
  isVolatile,
  listSpecAt,
  type Path,
  pathIn,
  type Reading,
  readSettings,
  recordId,
  segmentsOf,
  strategyAt,
  valueAt,
} from './paths.fixture.ts';

/** What a case has that the laws must have seen; each trait once. */
export function traitsOf(merged: MergeCase): Set<string> {
  const { base, ours, theirs, settings } = merged;
  const sides = { base, ours, theirs };
  const merge = theCore.merge(sides, settings);
  const traits = new Set([
    ...conflictTraits(merge, merged),
    ...planTraits(settle(theCore, sides, settings)),
    ...settingTraits(merged, merge),
  ]);
  if (base === undefined) traits.add('has no base');
  if (ours === undefined || theirs === undefined) traits.add('lacks a side');
  const reading = readSettings(settings);
  for (const path of fieldsOf(reading, sides))
    for (const trait of fieldTraits(reading, merged, path)) traits.add(trait);
  return traits;
}

function* conflictTraits(
  { isHeld, conflicts, remarks }: RecordMerge,
  { settings, base, ours, theirs }: MergeCase,
): Generator<string> {
  if (isHeld) yield 'is held';
  if (conflicts.length > 1) yield 'has several conflicts';
  const reading = readSettings(settings);
  for (const { kind, pointer } of conflicts) {
    yield `has ${kind === 'add/add' ? 'an' : 'a'} ${kind} conflict`;
    const path = pathIn(reading, { base, ours, theirs }, pointer);
    if (path.length > 1) yield 'has a conflict below the first level';
    const isInList = path.some((_, depth) => isList(valueAt(reading, ours ?? theirs, path.slice(0, depth))));
    if (isInList) yield 'has a conflict within an element of a keyed list';
  }
  if (remarks.length > 0) yield 'has a list that is merged as one field';
  for (const { reason } of remarks) {
    if (reason === 'duplicate key' || reason === 'missing key') yield `has a ${reason}`;
  }
}

function* planTraits({ result, toOurs, toTheirs, isAgreed }: RecordMerge): Generator<string> {
  if (toOurs.length > 0) yield 'writes to ours';
  if (toTheirs.length > 0) yield 'writes to theirs';
  if (toOurs.length > 0 && toTheirs.length > 0) yield 'writes to both';
  if (isAgreed) yield 'moves only base';
  if (!isAgreed && toOurs.length === 0 && toTheirs.length === 0 && result !== undefined)
    yield 'plans nothing at all';
  for (const { action, after, pointer } of [...toOurs, ...toTheirs]) {
    if (action !== 'update') yield `${action}s a record`;
    else if (after === undefined) yield 'takes a member away';
    if (segmentsOf(pointer).some(isHostile)) yield 'changes a member with a hostile name';
  }
}

function isHostile(name: string): boolean {
  return name in {} || name === '__proto__' || !/^[a-z]+$/.test(name);
}

function* settingTraits({ base, ours, theirs, settings }: MergeCase, merge: RecordMerge): Generator<string> {
  const reading = readSettings(settings);
  const neutral = theCore.merge({ base, ours, theirs }, leftToPerson(settings));
  for (const { pointer } of neutral.conflicts) {
    const strategy = strategyAt(reading, pathIn(reading, { base, ours, theirs }, pointer));
    if (strategy === 'resolveOurs' || strategy === 'resolveTheirs')
      yield `resolves a conflict by ${strategy}`;
  }
  const lines = [...merge.toOurs, ...merge.toTheirs, ...merge.conflicts];
  if (Object.hasOwn(settings.records ?? {}, recordId) && lines.some(({ rule }) => rule.includes('(record')))
    yield 'is ruled by an override of the record';
  if (reading.lists.some(({ value }) => value !== 'set' && value.key.length > 1)) yield 'has a composite key';
}

function* fieldTraits(reading: Reading, { base, ours, theirs }: MergeCase, path: Path): Generator<string> {
  const [b, o, t] = [base, ours, theirs].map((side) => valueAt(reading, side, path));
  const [was, our, their] = [b, o, t].map((value) => meaningOf(reading, value, path));
  const strategy = strategyAt(reading, path);
  if (our !== their && (strategy === 'alwaysOurs' || strategy === 'alwaysTheirs')) {
    yield `takes a field from ${strategy === 'alwaysOurs' ? 'ours' : 'theirs'} always`;
    if ((strategy === 'alwaysOurs' ? o : t) === undefined) yield 'takes an absence always';
  }
  if (
    our !== their &&
    reading.levels.some(
      (level) => strategyOf(reading, level, path) !== strategyOf(reading, level, path.slice(0, -1)),
    )
  )
    yield 'has a longer pointer that differs from a shorter one';
  if (isVolatile(reading, path) && JSON.stringify(o) !== JSON.stringify(t))
    yield 'has a volatile field that differs';
  if ([b, o, t].includes(null) && [b, o, t].includes(undefined))
    yield 'has null where another side has nothing';
  if (differByTypeAlone(o, t) || differByTypeAlone(b, o)) yield 'differs by the type of a scalar alone';
  const spec = listSpecAt(reading, path);
  if (spec === undefined || !isList(o) || !isList(t) || our === their) return;
  const isBoth = was !== our && was !== their;
  if (spec === 'set') {
    yield 'merges a set';
    return;
  }
  const [ourKeys, theirKeys] = [o, t].map((list) => [...(elementsByKey(list, spec.key)?.keys() ?? [])]);
  if (ourKeys === undefined || theirKeys === undefined) return;
  if (isBoth) yield 'changes a keyed list on both sides';
  if (path.length > 2 && isList(valueAt(reading, ours, path.slice(0, -2))))
    yield 'changes a nested keyed list';
  const common = ourKeys.filter((key) => theirKeys.includes(key));
  if (common.join() !== theirKeys.filter((key) => ourKeys.includes(key)).join())
    yield 'reorders a keyed list';
  if (common.length < ourKeys.length && common.length < theirKeys.length) yield 'adds and removes elements';
}

function strategyOf(reading: Reading, level: Reading['levels'][number], path: Path): string {
  return strategyAt({ ...reading, levels: [level] }, path);
}

function differByTypeAlone(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === undefined || b === undefined || typeof a === typeof b) return false;
  return typeof a !== 'object' && typeof b !== 'object' && String(a) === String(b);
}
