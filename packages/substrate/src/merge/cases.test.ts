import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { Conflict } from './conflict.ts';
import type { Decision } from './decision.ts';
import { mergeRecord, type RecordMerge, type RecordSides } from './merge-record.ts';
import { compileSettings } from './merge-rules.ts';
import { MergeSettings } from './merge-settings.ts';
import type { PlanLine } from './plan.ts';

/** A case as it stands in cases/*.json. What `expect` leaves out must not happen. */
interface MergeCase extends RecordSides {
  readonly name: string;
  readonly settings?: JsonObject;
  /** By pointer; each is made for the conflict that the merge finds there, if it finds one. */
  readonly decisions?: Readonly<Record<string, Decision['choice']>>;
  readonly expect: Expectation;
}

interface Expectation {
  /** The merged record, or `none`; left out where the record is held. */
  readonly result?: JsonValue;
  readonly conflicts?: readonly string[];
  readonly toOurs?: readonly string[];
  readonly toTheirs?: readonly string[];
  readonly onlyBaseMoves?: boolean;
  readonly remarks?: readonly string[];
  readonly stale?: readonly string[];
}

const folder = new URL('./cases/', import.meta.url);
const topics = readdirSync(folder).map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')));

describe.each(topics)('$topic', ({ cases }: { readonly cases: readonly MergeCase[] }) => {
  test.each(cases)('$name', (merged) => {
    // As texts, since `toEqual` looks at `__proto__` as no member.
    expect(spell(tellMerge(mergeCase(merged)))).toEqual(spell(merged.expect));
  });
});

test('every case has a name of its own', () => {
  const names = topics.flatMap(({ cases }) => cases.map(({ name }: MergeCase) => name));
  expect(names.length).toBeGreaterThan(80);
  expect(new Set(names).size).toBe(names.length);
});

function mergeCase({ base, ours, theirs, settings = {}, decisions = {} }: MergeCase): RecordMerge {
  const rules = compileSettings(MergeSettings.parse(settings)).forRecord('r1');
  const { conflicts } = mergeRecord({ base, ours, theirs }, rules);
  const made = Object.entries(decisions).map(([pointer, choice]): Decision => {
    const inputs = conflicts.find((conflict) => conflict.pointer === pointer)?.inputs ?? 'other values';
    return { pointer, inputs, choice };
  });
  return mergeRecord({ base, ours, theirs }, rules, made);
}

function tellMerge(merge: RecordMerge): Expectation {
  const said = {
    conflicts: merge.conflicts.map(tellConflict),
    toOurs: merge.toOurs.map(tellLine),
    toTheirs: merge.toTheirs.map(tellLine),
    remarks: merge.remarks.map(({ pointer, reason, side }) => `${pointer}: ${reason} (${side})`),
    stale: merge.stale,
  };
  const told = Object.fromEntries(Object.entries(said).filter(([, sentences]) => sentences.length > 0));
  return {
    ...(merge.isHeld ? {} : { result: merge.result ?? 'none' }),
    ...told,
    ...(merge.isAgreed ? { onlyBaseMoves: true } : {}),
  };
}

function tellConflict({ pointer, kind, base, ours, theirs, rule }: Conflict): string {
  const place = pointer === '' ? 'the record' : pointer;
  return `${place}: base ${tell(base)}, ours ${tell(ours)}, theirs ${tell(theirs)} (${kind}, ${rule})`;
}

function tellLine({ action, pointer, before, after, rule }: PlanLine): string {
  if (action === 'create') return `the record ${tell(after)} is created (${rule})`;
  if (action === 'delete') return `the record ${tell(before)} is deleted (${rule})`;
  if (before === undefined) return `${pointer}: ${tell(after)} is added (${rule})`;
  if (after === undefined) return `${pointer}: ${tell(before)} is removed (${rule})`;
  return `${pointer}: ${tell(before)} becomes ${tell(after)} (${rule})`;
}

function tell(value: JsonValue | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

/** Members as sorted pairs, so that only their order is left out of account. */
function spell(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spell);
  if (typeof value !== 'object' || value === null) return value;
  const pairs = Object.entries(value).map(([name, member]) => [name, spell(member)] as const);
  return { members: pairs.sort(([a], [b]) => (a < b ? -1 : 1)) };
}
