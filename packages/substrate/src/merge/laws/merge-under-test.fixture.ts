import type { JsonObject } from '../../json/json-value.ts';
import { type Decision, mergeRecord, type RecordMerge, type RecordSides } from '../merge-record.ts';
import { compileSettings, type MergeRules } from '../merge-rules.ts';
import { mergeSet, type SetMerge, type SetSides } from '../merge-set.ts';
import type { MergeSettings } from '../merge-settings.ts';
import { createRecordHasher } from '../record-hash.ts';
import { recordId } from './paths.fixture.ts';

/** What the laws are about: the core, or one of the deliberately wrong merges that the laws must catch. */
export interface MergeUnderTest {
  readonly merge: (
    sides: RecordSides,
    settings: MergeSettings,
    decisions?: readonly Decision[],
    id?: string,
  ) => RecordMerge;
  readonly mergeSet: (sides: SetSides, settings: MergeSettings) => Iterable<SetMerge>;
  readonly hash: (record: JsonObject, settings: MergeSettings) => string;
}

const compiled = new WeakMap<MergeSettings, MergeRules>();

function compile(settings: MergeSettings): MergeRules {
  const known = compiled.get(settings);
  if (known !== undefined) return known;
  const rules = compileSettings(settings);
  compiled.set(settings, rules);
  return rules;
}

export const theCore: MergeUnderTest = {
  merge: (sides, settings, decisions, id = recordId) =>
    mergeRecord(sides, compile(settings).forRecord(id), decisions),
  mergeSet: (sides, settings) => mergeSet(sides, compile(settings)),
  hash: (record, settings) => createRecordHasher(compile(settings))(record),
};

export type Choice = 'ours' | 'theirs';

/** The same decision on every conflict. */
export function decideAll({ conflicts }: RecordMerge, choice: Choice): Decision[] {
  return conflicts.map(({ pointer, inputs }) => ({ pointer, inputs, choice }));
}

/** The merge after every conflict that it had was decided one way: what a law looks at that speaks of the rest of a held record. */
export function settle(
  subject: MergeUnderTest,
  sides: RecordSides,
  settings: MergeSettings,
  choice: Choice = 'ours',
): RecordMerge {
  const merge = subject.merge(sides, settings);
  return merge.isHeld ? subject.merge(sides, settings, decideAll(merge, choice)) : merge;
}
