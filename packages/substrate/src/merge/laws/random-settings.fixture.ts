import { isJsonObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import type { MergeSettings } from '../merge-settings.ts';
import type { Strategy } from '../strategy.ts';
import type { Chooser } from './chooser.fixture.ts';
import { pickName } from './hostile-json.fixture.ts';
import { isList, memberOf } from './own-members.fixture.ts';
import { anyName, type Pattern, patternText, recordId } from './paths.fixture.ts';
import type { ListPlace } from './random-record.fixture.ts';

/** Lists that a case may declare: by one key, by two, nested, at any place, as sets, under names that are not tame. */
export function randomLists(chooser: Chooser, names: readonly string[]): ListPlace[] {
  if (chooser.chance(35)) return [];
  const place = chooser.pick(names);
  const inner = chooser.pick(names.filter((name) => name !== place));
  const key = chooser.pick(['id', 'constructor', '__proto__', '']);
  const lists: ListPlace[] = [
    { path: [place], spec: chooser.chance(75) ? { key: chooser.chance(80) ? [key] : [key, 'term'] } : 'set' },
  ];
  if (chooser.chance(50)) {
    const path: Pattern = chooser.chance(60)
      ? [place, anyName, inner]
      : chooser.pick<Pattern>([[inner], [inner, place], [anyName, anyName, inner]]);
    lists.push({
      path,
      spec: chooser.chance(70)
        ? { key: chooser.chance(60) ? ['id'] : ['id', key === 'id' ? 'term' : key] }
        : 'set',
    });
  }
  // Two declarations that could both stand for one list are left out: which of them wins is a table's business, not a law's.
  return lists.length === 2 && areLapping(lists[0], lists[1]) ? lists.slice(0, 1) : lists;
}

function areLapping(a: ListPlace | undefined, b: ListPlace | undefined): boolean {
  if (a === undefined || b === undefined || a.path.length !== b.path.length) return false;
  return a.path.every(
    (segment, index) => segment === anyName || b.path[index] === anyName || segment === b.path[index],
  );
}

/** Settings that speak of paths which the case's records really have. */
export function randomSettings(
  chooser: Chooser,
  lists: readonly ListPlace[],
  records: readonly (JsonObject | undefined)[],
): MergeSettings {
  const values = records.filter((record) => record !== undefined);
  const fieldsOf = (percent: number) => (chooser.chance(percent) ? randomFields(chooser, lists, values) : {});
  const fallback = chooser.chance(55) ? { default: randomDefault(chooser) } : {};
  return {
    ...fallback,
    fields: fieldsOf(55),
    records: {
      // The override of a record that is not ours must never be heard.
      ...(chooser.chance(20) ? { other: chooser.pick(strategiesOfFields) } : {}),
      ...(chooser.chance(15) ? overrideOf(randomOverride(chooser, () => fieldsOf(60))) : {}),
    },
    lists: Object.fromEntries(lists.map(({ path, spec }) => [patternText(path), spec])),
    ...(chooser.chance(12) ? { nullIsAbsent: chooser.chance(80) } : {}),
    ...(chooser.chance(15) ? { volatile: randomVolatile(chooser, lists, values) } : {}),
  };
}

type RecordOverride = NonNullable<MergeSettings['records']>[string];

/** Own, although the name is `__proto__`. */
function overrideOf(override: RecordOverride): Readonly<Record<string, RecordOverride>> {
  return Object.fromEntries([[recordId, override]]);
}

function randomOverride(chooser: Chooser, fields: () => Readonly<Record<string, Strategy>>): RecordOverride {
  if (chooser.chance(50)) return randomDefault(chooser);
  return { ...(chooser.chance(50) ? { default: randomDefault(chooser) } : {}), fields: { ...fields() } };
}

function randomDefault(chooser: Chooser): Strategy {
  const dice = chooser.below(100);
  if (dice < 45) return 'manual';
  if (dice < 88) return chooser.chance(50) ? 'resolveOurs' : 'resolveTheirs';
  return chooser.chance(50) ? 'alwaysOurs' : 'alwaysTheirs';
}

const strategiesOfFields: readonly Strategy[] = [
  'manual',
  'resolveOurs',
  'resolveTheirs',
  'alwaysOurs',
  'alwaysOurs',
  'alwaysTheirs',
  'alwaysTheirs',
];

function randomFields(
  chooser: Chooser,
  lists: readonly ListPlace[],
  values: readonly JsonObject[],
): Readonly<Record<string, Strategy>> {
  const patterns = Array.from({ length: 1 + chooser.below(3) }, () => randomPattern(chooser, lists, values));
  return Object.fromEntries(patterns.map((pattern) => [pattern, chooser.pick(strategiesOfFields)]));
}

function randomVolatile(
  chooser: Chooser,
  lists: readonly ListPlace[],
  values: readonly JsonObject[],
): readonly string[] {
  return Array.from({ length: 1 + chooser.below(2) }, () => randomPattern(chooser, lists, values));
}

/** The pointer of some member of some side, now and then with `*` for a segment, now and then of nothing at all. */
function randomPattern(chooser: Chooser, lists: readonly ListPlace[], values: readonly JsonObject[]): string {
  const path =
    values.length === 0 || chooser.chance(4) ? [pickName(chooser)] : randomPath(chooser, lists, values);
  return patternText(path.map((segment) => (chooser.chance(10) ? anyName : segment)));
}

function randomPath(chooser: Chooser, lists: readonly ListPlace[], values: readonly JsonObject[]): Pattern {
  const path: (string | typeof anyName)[] = [];
  let value: JsonValue | undefined = chooser.pick(values);
  do {
    if (isList(value)) {
      // An element's own segment is its key, and a pattern that names one speaks of that element alone.
      const element: JsonValue | undefined = value.length === 0 ? undefined : chooser.pickEarly(value);
      path.push(chooser.chance(70) ? anyName : segmentGuess(chooser, element, lists));
      value = element;
    } else if (value !== undefined && isJsonObject(value) && Object.keys(value).length > 0) {
      const name: string = chooser.pickEarly(Object.keys(value));
      path.push(name);
      value = memberOf(value, name);
    } else {
      break;
    }
  } while (chooser.chance(55));
  return path.length === 0 ? [pickName(chooser)] : path;
}

function segmentGuess(
  chooser: Chooser,
  element: JsonValue | undefined,
  lists: readonly ListPlace[],
): string | typeof anyName {
  if (element === undefined || !isJsonObject(element)) return anyName;
  const keys = lists.flatMap(({ spec }) => (spec === 'set' ? [] : [memberOf(element, spec.key[0] ?? '')]));
  const key = keys.find((held) => held !== undefined && held !== null);
  if (key === undefined) return anyName;
  return typeof key === 'string' && chooser.chance(75) ? key : JSON.stringify(key);
}
