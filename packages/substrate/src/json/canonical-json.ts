import { Failure } from '../failure/failure.ts';

/** Nesting beyond this is refused: no vendor's record comes near it, and it keeps the recursion far from the stack's end. */
const maximumDepth = 200;

/**
 * Pure. The RFC 8785 (JCS) text of a JSON value: members sorted by UTF-16 code units, numbers and strings as ECMAScript writes them.
 * What JSON cannot say (`undefined`, NaN, infinities, lone surrogates, functions, bigint, class instances) is refused with
 * `invalid_params` naming its JSON Pointer, never coerced.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '', 0);
}

function write(value: unknown, pointer: string, depth: number): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return writeString(value, pointer);
    case 'number':
      if (!Number.isFinite(value)) throw refuse(pointer, 'a number that is not finite');
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (depth >= maximumDepth) throw refuse(pointer, `nesting deeper than ${maximumDepth}`);
      return Array.isArray(value) ? writeArray(value, pointer, depth) : writeObject(value, pointer, depth);
    default:
      throw refuse(pointer, typeof value);
  }
}

function writeString(text: string, pointer: string): string {
  if (!text.isWellFormed()) throw refuse(pointer, 'a lone surrogate');
  return JSON.stringify(text);
}

function writeArray(array: readonly unknown[], pointer: string, depth: number): string {
  let text = '[';
  // Not `map`: it passes holes over, and a hole is as unsayable as `undefined`.
  for (let index = 0; index < array.length; index++) {
    if (index > 0) text += ',';
    text += write(array[index], `${pointer}/${index}`, depth + 1);
  }
  return `${text}]`;
}

function writeObject(object: object, pointer: string, depth: number): string {
  const prototype = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null)
    throw refuse(pointer, 'an object that is not plain');
  const record = object as Record<string, unknown>;
  let text = '{';
  for (const name of Object.keys(record).sort()) {
    if (text.length > 1) text += ',';
    const path = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    text += `${writeString(name, path)}:${write(record[name], path, depth + 1)}`;
  }
  return `${text}}`;
}

function refuse(pointer: string, found: string): Failure {
  return new Failure('invalid_params', 'Not a JSON value', { data: { pointer, found } });
}
