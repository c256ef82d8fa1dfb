import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import type { Chooser } from './chooser.fixture.ts';

/** Names that data may bring and that trip up code which looks them up on plain objects, in pointers, or in patterns. */
const hostileNames = [
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'toString',
  'valueOf',
  'length',
  '',
  '0',
  '10',
  '-1',
  '-',
  '*',
  'a/b',
  '/',
  '~',
  '~1',
  'é',
  'e\u0301',
  '😀',
  ' ',
  '"q"',
  '{"a":1}',
  'null',
] as const;

const tameNames = ['name', 'email', 'city', 'room', 'a', 'b', 'c', 'd'] as const;

/** A few names that one case uses over and over, so that paths meet. About half are hostile. */
export function pickNames(chooser: Chooser, count: number): string[] {
  const names = new Set<string>();
  while (names.size < count) names.add(pickName(chooser));
  return [...names];
}

export function pickName(chooser: Chooser): string {
  return chooser.pick(chooser.chance(50) ? hostileNames : tameNames);
}

const longText = 'long '.repeat(60);

/** Close neighbours stand together: what `==`, truthiness, trimming, or Unicode normalisation takes for one value. */
const nearMisses: readonly (readonly JsonValue[])[] = [
  [null, '', 0, false, 'null', 'undefined'],
  [0, -0, '0', '', '00', false],
  [1, '1', true, 'true', 1.5, '1.0', '01'],
  ['é', 'e\u0301', 'É', 'e'],
  ['a', 'A', ' a', 'a ', 'b'],
  [1e21, '1e21', '1e+21', 1e20, 9007199254740992, 9007199254740991],
  [longText, `${longText}.`, 'long '],
  ['😀', '😃', '__proto__', 'constructor', '[object Object]'],
];

export function pickScalar(chooser: Chooser): JsonValue {
  return chooser.pickEarly(chooser.pick(nearMisses));
}

/** Another scalar than this one, as JSON sees it, and rather a near miss than a far one. */
export function pickOtherScalar(chooser: Chooser, value: JsonValue): JsonValue {
  if (chooser.chance(20)) return retype(value);
  const neighbours = nearMisses.find((list) => list.includes(value));
  for (;;) {
    const other = neighbours && chooser.chance(60) ? chooser.pick(neighbours) : pickScalar(chooser);
    if (other !== value) return other;
  }
}

/** What looks the same when it is printed. */
function retype(value: JsonValue): JsonValue {
  if (typeof value !== 'string') return typeof value === 'object' && value !== null ? null : String(value);
  const number = Number(value);
  return value === String(number) && Number.isFinite(number) ? number : value === '' ? null : [value];
}

/** A name that the object does not have yet. */
export function freshName(chooser: Chooser, object: JsonObject): string {
  const name = pickName(chooser);
  return Object.hasOwn(object, name) ? `${name}, another` : name;
}
