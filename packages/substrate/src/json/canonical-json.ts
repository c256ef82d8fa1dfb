import { Failure } from '../failure/failure.ts';

/** Nesting beyond this is refused: no vendor's record comes near it, and it keeps the recursion far from the stack's end. */
const maximumDepth = 200;

/**
 * Pure. The RFC 8785 (JCS) text of a JSON value: members sorted by UTF-16 code units, numbers and strings as ECMAScript writes them.
 * What JSON cannot say (`undefined`, NaN, infinities, lone surrogates, functions, bigint, class instances) is refused with
 * `invalid_params` naming its JSON Pointer, never coerced.
 */
export function canonicalJson(value: unknown): string {
  return write(value, []);
}

/** The names and indexes from the root to the value being written; text is made of it only when something is refused. */
type Path = (string | number)[];

function write(value: unknown, path: Path): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return writeString(value, path);
    case 'number':
      if (!Number.isFinite(value)) throw refuse(path, 'a number that is not finite');
      // ECMAScript's own text of a number is what RFC 8785 asks for; of -0 it is "0", as in JSON.stringify.
      return `${value}`;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (path.length >= maximumDepth) throw refuse(path, `nesting deeper than ${maximumDepth}`);
      return Array.isArray(value) ? writeArray(value, path) : writeObject(value, path);
    default:
      throw refuse(path, typeof value);
  }
}

/** Texts in which nothing is escaped and no surrogate stands: nearly all, and written two times faster without JSON.stringify. */
const plainText = /^[^"\\\u0000-\u001f\ud800-\udfff]*$/;

function writeString(text: string, path: Path): string {
  if (plainText.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw refuse(path, 'a lone surrogate');
  return JSON.stringify(text);
}

function writeArray(array: readonly unknown[], path: Path): string {
  let text = '[';
  // Not `map`: it passes holes over, and a hole is as unsayable as `undefined`.
  for (let index = 0; index < array.length; index++) {
    if (index > 0) text += ',';
    path.push(index);
    text += write(array[index], path);
    path.pop();
  }
  return `${text}]`;
}

function writeObject(object: object, path: Path): string {
  const prototype = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) throw refuse(path, 'an object that is not plain');
  const record = object as Record<string, unknown>;
  const names = Object.keys(record);
  if (!isSorted(names)) names.sort();
  let text = '{';
  for (const name of names) {
    if (text.length > 1) text += ',';
    path.push(name);
    text += `${writeString(name, path)}:`;
    text += write(record[name], path);
    path.pop();
  }
  return `${text}}`;
}

/** What was stored comes back sorted; looking is cheaper than sorting again. */
function isSorted(names: readonly string[]): boolean {
  for (let index = 1; index < names.length; index++) {
    if ((names[index - 1] as string) > (names[index] as string)) return false;
  }
  return true;
}

function refuse(path: Path, found: string): Failure {
  return new Failure('invalid_params', 'Not a JSON value', { data: { pointer: jsonPointer(path), found } });
}

/** Pure. The JSON Pointer (RFC 6901) of a path: `['a/b', 0]` is `/a~1b/0`, the whole document is the empty text. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
