import { isJsonObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import type { MergeSettings } from '../merge-settings.ts';
import type { MergeCase } from './merge-case.fixture.ts';
import { isList, memberOf, objectOf } from './own-members.fixture.ts';

const sideNames = ['base', 'ours', 'theirs'] as const;

/**
 * Simpler cases, one step away each: without a setting, without a side, without a member (on all sides or on one), with a side's member
 * as base has it, with a plain text for a value. Every step makes the case smaller, so that shrinking ends.
 */
export function* shrinkCase(whole: MergeCase): Generator<MergeCase> {
  for (const settings of simplerSettings(whole.settings)) yield { ...whole, settings };
  for (const name of sideNames) if (whole[name] !== undefined) yield { ...whole, [name]: undefined };
  for (const place of placesOf(whole)) {
    yield {
      ...whole,
      base: changeSide(whole.base, place, () => []),
      ours: changeSide(whole.ours, place, () => []),
      theirs: changeSide(whole.theirs, place, () => []),
    };
    for (const name of sideNames) {
      for (const change of simplerValues(whole, name, place)) {
        yield { ...whole, [name]: changeSide(whole[name], place, () => change) };
      }
    }
  }
}

function* simplerSettings(settings: MergeSettings): Generator<MergeSettings> {
  for (const part of ['default', 'fields', 'records', 'lists', 'nullIsAbsent', 'volatile'] as const) {
    if (!(part in settings)) continue;
    const { [part]: _dropped, ...rest } = settings;
    yield rest;
  }
  for (const part of ['fields', 'records', 'lists'] as const) {
    const entries = Object.entries<unknown>(settings[part] ?? {});
    for (const [dropped] of entries.length > 1 ? entries : []) {
      yield { ...settings, [part]: Object.fromEntries(entries.filter(([name]) => name !== dropped)) };
    }
  }
}

type Place = readonly (string | number)[];

/** Every place below the root in any of the sides, the shallow ones first: taking those away takes most away. */
function placesOf({ base, ours, theirs }: MergeCase): Place[] {
  const places = new Map<string, Place>();
  const visit = (value: JsonValue, place: Place) => {
    if (place.length > 0) places.set(JSON.stringify(place), place);
    for (const [step, member] of stepsOf(value)) visit(member, [...place, step]);
  };
  for (const side of [base, ours, theirs]) if (side !== undefined) visit(side, []);
  return [...places.values()].sort((a, b) => a.length - b.length);
}

function stepsOf(value: JsonValue): (readonly [string | number, JsonValue])[] {
  if (isList(value)) return [...value.entries()];
  return isJsonObject(value) ? Object.entries(value) : [];
}

/** What may stand at a place instead; an empty list stands for nothing at all. */
function* simplerValues(
  whole: MergeCase,
  name: (typeof sideNames)[number],
  place: Place,
): Generator<readonly JsonValue[]> {
  const value = valueAt(whole[name], place);
  if (value === undefined) return;
  yield [];
  const text = JSON.stringify(value);
  const model = name === 'base' ? undefined : valueAt(whole.base, place);
  // Only what is smaller, so that two values never turn into each other for ever.
  if (model !== undefined && sizeOf(JSON.stringify(model)) < sizeOf(text)) yield [model];
  if (typeof value === 'object' || text.length > 3) for (const plain of ['a', 'b', 'c']) yield [plain];
}

/** Orders texts by length, then by themselves. */
function sizeOf(text: string): string {
  return `${String(text.length).padStart(9, '0')}${text}`;
}

function valueAt(side: JsonObject | undefined, place: Place): JsonValue | undefined {
  let value: JsonValue | undefined = side;
  for (const step of place) {
    if (value === undefined) return undefined;
    if (isList(value)) value = typeof step === 'number' ? value[step] : undefined;
    else value = isJsonObject(value) && typeof step === 'string' ? memberOf(value, step) : undefined;
  }
  return value;
}

function changeSide(
  side: JsonObject | undefined,
  place: Place,
  change: () => readonly JsonValue[],
): JsonObject | undefined {
  if (side === undefined || valueAt(side, place) === undefined) return side;
  const [changed] = changeAt(side, place, change);
  return changed !== undefined && isJsonObject(changed) ? changed : side;
}

function changeAt(value: JsonValue, place: Place, change: () => readonly JsonValue[]): readonly JsonValue[] {
  const [step, ...rest] = place;
  if (step === undefined) return change();
  const members = stepsOf(value).flatMap(([name, member]) =>
    (name === step ? changeAt(member, rest, change) : [member]).map(
      (changed) => [String(name), changed] as const,
    ),
  );
  return [isList(value) ? members.map(([, member]) => member) : objectOf(members)];
}
