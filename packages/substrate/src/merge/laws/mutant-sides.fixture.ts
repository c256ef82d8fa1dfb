import { isJsonObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import type { RecordSides } from '../merge-record.ts';
import type { MergeSettings } from '../merge-settings.ts';
import { mapRecords, rebuild } from './mutant.fixture.ts';
import { isList, objectOf, withMember, withoutMember } from './own-members.fixture.ts';
import { elementsByKey, listSpecAt, type Path, readSettings } from './paths.fixture.ts';

/** Gone on one side: gone on both, whatever the other did. */
export function spreadDeletions({ base, ours, theirs }: RecordSides): RecordSides {
  if (base !== undefined && (ours === undefined || theirs === undefined)) return { base };
  const gone = Object.keys(base ?? {}).filter((name) =>
    [ours, theirs].some((side) => !Object.hasOwn(side ?? {}, name)),
  );
  const without = (side: JsonObject | undefined) => side && gone.reduce(withoutMember, side);
  return { base, ours: without(ours), theirs: without(theirs) };
}

/** Where two scalars are equal enough, all sides have the one that ours, or else base, has. */
export function compareLoosely({ base, ours, theirs }: RecordSides): RecordSides {
  const model = ours ?? base;
  return mapRecords({ base, ours, theirs }, (record) =>
    rebuild(record, model, (value, other) => (isLooselyEqual(value, other) ? (other as JsonValue) : value)),
  );
}

function isLooselyEqual(a: JsonValue, b: JsonValue | undefined): boolean {
  if (b === undefined || typeof a === 'object' || typeof b === 'object') return false;
  return String(a) === String(b) || Number(a) === Number(b);
}

export function dropDuplicates(sides: RecordSides, settings: MergeSettings): RecordSides {
  const reading = readSettings(settings);
  const drop = (value: JsonValue, path: Path): JsonValue => {
    const spec = listSpecAt(reading, path);
    if (isList(value) && spec !== undefined && spec !== 'set') {
      return value.filter((element, index) =>
        value
          .slice(index + 1)
          .every(
            (other) =>
              elementsByKey([element, other], spec.key) !== undefined ||
              elementsByKey([element], spec.key) === undefined ||
              elementsByKey([other], spec.key) === undefined,
          ),
      );
    }
    if (!isJsonObject(value)) return value;
    return objectOf(Object.entries(value).map(([name, member]) => [name, drop(member, [...path, name])]));
  };
  return mapRecords(sides, (record) => drop(record, []));
}

export function compareLengths({ base, ours, theirs }: RecordSides): RecordSides {
  const asBase = (value: JsonValue, model: JsonValue | undefined) =>
    isList(value) && isList(model) && value.length === model.length ? model : value;
  return mapRecords({ base, ours, theirs }, (record) => rebuild(record, base, asBase));
}

/** `object[name]` instead of an own member, where another side has one. */
export function inherit(sides: RecordSides): RecordSides {
  const present = [sides.base, sides.ours, sides.theirs].filter((side) => side !== undefined);
  const names = ['constructor', 'toString', 'valueOf', 'hasOwnProperty'].filter((name) =>
    present.some((side) => Object.hasOwn(side, name)),
  );
  return mapRecords(sides, (record) =>
    names.reduce(
      (whole, name) => (Object.hasOwn(whole, name) ? whole : withMember(whole, name, `inherited ${name}`)),
      record,
    ),
  );
}

export function concatenate({ base, ours, theirs }: RecordSides): RecordSides {
  const join = (value: JsonValue, other: JsonValue | undefined) =>
    typeof value === 'string' && typeof other === 'string' && value !== other ? `${value} / ${other}` : value;
  return { base, ours: ours && theirs && (rebuild(ours, theirs, join) as JsonObject), theirs };
}

export function compareWithoutCase({ base, ours, theirs }: RecordSides): RecordSides {
  const asBase = (value: JsonValue, model: JsonValue | undefined) =>
    typeof value === 'string' && typeof model === 'string' && value.toLowerCase() === model.toLowerCase()
      ? model
      : value;
  return mapRecords({ base, ours, theirs }, (record) => rebuild(record, base, asBase));
}
