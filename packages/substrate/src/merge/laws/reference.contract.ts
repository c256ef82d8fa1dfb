import { demandSame, type Law, law } from './law.fixture.ts';
import { mapStrategies } from './map-settings.fixture.ts';
import { type MergeCase, mergeCases } from './merge-case.fixture.ts';
import type { MergeUnderTest } from './merge-under-test.fixture.ts';
import { isAlways, readSettings, segmentsOf, strategyAt } from './paths.fixture.ts';
import { linesOfRecord, mergeByEdits } from './reference-merge.fixture.ts';

/** The core against a merge that was written in another way. */
export const referenceLaw: Law = law(
  26,
  'objects and values merge as if each side’s edits were carried out on base',
  mergeCases,
  checkAgainstReference,
);

function checkAgainstReference(subject: MergeUnderTest, { base, ours, theirs, settings }: MergeCase): void {
  const { lists: _lists, volatile: _volatile, nullIsAbsent: _nullIsAbsent, ...plain } = settings;
  const within = mapStrategies(plain, (strategy) => (isAlways(strategy) ? 'manual' : strategy));
  const reading = readSettings(within);
  const reference = mergeByEdits({ base, ours, theirs }, (path) => strategyAt(reading, path));
  const merge = subject.merge({ base, ours, theirs }, within);
  const pointers = (paths: readonly (readonly string[])[]) =>
    paths
      .map((path) => JSON.stringify(path))
      .sort()
      .join('\n');
  const found = merge.conflicts.map(({ pointer }) => segmentsOf(pointer));
  demandSame(pointers(found), pointers(reference.conflicts), 'the conflicts are where edits meet');
  if (reference.result === undefined) return;
  demandSame(
    linesOfRecord(merge.result).join('\n'),
    reference.result.join('\n'),
    'the result is base with the edits',
  );
}
