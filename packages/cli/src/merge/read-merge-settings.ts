import { Failure } from '@flotilla/substrate/failure';
import { jsonPointer } from '@flotilla/substrate/json/canonical-json';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { MergeSettings } from '@flotilla/substrate/merge/merge-settings';

/** Pure. The settings of a merge, as `where` gives them. Fails with `invalid_params`, naming each place and what is wrong there. */
export function readMergeSettings(value: JsonObject, where: string): MergeSettings {
  const parsed = MergeSettings.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Failure('invalid_params', 'These are no settings of a merge', {
    data: {
      where,
      issues: parsed.error.issues.map(({ path, message }) => ({ pointer: jsonPointer(path), message })),
      advice: 'Correct what is named; docs/merging.md lists what settings hold.',
    },
  });
}
