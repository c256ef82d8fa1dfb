import { isJsonObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import type { Chooser } from './chooser.fixture.ts';
import { fieldsOf, hasHolder } from './fields-of.fixture.ts';
import { freshName, pickOtherScalar, pickScalar } from './hostile-json.fixture.ts';
import { isList, objectOf } from './own-members.fixture.ts';
import {
  elementsByKey,
  isKeyMember,
  isWithin,
  listSpecAt,
  type Path,
  type Reading,
  segmentOf,
  valueAt,
} from './paths.fixture.ts';

/** One edit of one side. */
export interface Edit {
  readonly side: 'ours' | 'theirs';
  readonly path: Path;
  /** Nothing: a deletion. */
  readonly put: JsonValue | undefined;
}

/** Edits of both sides, of which none lies within another: they have nothing to do with each other. */
export function disjointEdits(reading: Reading, record: JsonObject, chooser: Chooser): Edit[] {
  const paths = fieldsOf(reading, { base: record }).filter((path) => !isKeyMember(reading, path));
  const edits: Edit[] = [];
  for (let attempt = 2 + chooser.below(6); attempt > 0; attempt--) {
    const edit = randomEdit(reading, record, chooser.pick(paths), chooser);
    if (
      edit === undefined ||
      edits.some(({ path }) => isWithin(path, edit.path) || isWithin(edit.path, path))
    )
      continue;
    edits.push({ ...edit, side: chooser.chance(50) ? 'ours' : 'theirs' });
  }
  return edits;
}

function randomEdit(
  reading: Reading,
  record: JsonObject,
  path: Path,
  chooser: Chooser,
): Omit<Edit, 'side'> | undefined {
  const value = valueAt(reading, record, path) ?? null;
  const spec = listSpecAt(reading, path);
  if (isJsonObject(value) && (path.length === 0 || chooser.chance(50)))
    return { path: [...path, freshName(chooser, value)], put: pickScalar(chooser) };
  if (isList(value) && spec !== undefined && spec !== 'set' && elementsByKey(value, spec.key) !== undefined) {
    const key = `new ${chooser.below(5)}`;
    const names = spec.key.map((name, index) => [name, index === 0 ? key : 'x'] as const);
    const element = objectOf([...names, ['added', pickScalar(chooser)]]);
    return { path: [...path, segmentOf(element, spec.key) ?? ''], put: element };
  }
  if (path.length === 0 || !hasHolder(reading, record, path)) return undefined;
  const isElement = isList(valueAt(reading, record, path.slice(0, -1)));
  return { path, put: isElement || chooser.chance(40) ? undefined : pickOtherScalar(chooser, value) };
}
