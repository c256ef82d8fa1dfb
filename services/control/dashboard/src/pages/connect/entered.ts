import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type { Issue } from '../../parts/issues.ts';
import type { Entered, FormChoice, FormField } from './form-field.ts';

/** Whole numbers that JSON readers agree on: schemas name them as bounds where they mean none. */
const farthest = Number.MAX_SAFE_INTEGER;

/** Pure. What is stored, as a form's controls show it. */
export function toEntered({ fields }: FormChoice, value: JsonObject): Entered {
  return Object.fromEntries(
    fields.flatMap(({ name, kind }) => {
      const member = value[name];
      return member === undefined ? [] : [[name, toText(member, kind)]];
    }),
  );
}

/** Pure. What was entered, as the vendor takes it; what is empty is left out. Call it when `findFaults` finds none. */
export function toValue({ constants, fields }: FormChoice, entered: Entered): JsonObject {
  const members = fields.flatMap((field): [string, JsonValue][] => {
    const text = textOf(field, entered);
    return text === '' ? [] : [[field.name, parseText(field, text)]];
  });
  return { ...constants, ...Object.fromEntries(members) };
}

/** Pure. What is wrong with what was entered, by JSON Pointer, in words for whoever entered it. */
export function findFaults({ fields }: FormChoice, entered: Entered): readonly Issue[] {
  return fields.flatMap((field) => {
    const message = findFault(field, textOf(field, entered));
    return message === undefined ? [] : [{ pointer: `/${field.name}`, message }];
  });
}

function findFault(field: FormField, text: string): string | undefined {
  if (text === '') return field.isRequired ? 'This is needed.' : undefined;
  switch (field.kind) {
    case 'url':
      return URL.canParse(text) && /^https?:/i.test(text)
        ? undefined
        : 'This is no address; it begins with https://';
    case 'number':
      return findNumberFault(field, Number(text));
    case 'json':
      return isJson(text) ? undefined : 'This is no JSON.';
    case 'list':
      return linesOf(text)
        .map((line) => findTextFault(field, line))
        .find((fault) => fault !== undefined);
    default:
      return findTextFault(field, text);
  }
}

function findNumberFault({ isWhole, minimum, maximum }: FormField, value: number): string | undefined {
  if (!Number.isFinite(value)) return 'This is no number.';
  if (isWhole && !Number.isInteger(value)) return 'Only whole numbers fit here.';
  if (minimum !== undefined && value < minimum && minimum > -farthest) return `At least ${minimum}.`;
  if (maximum !== undefined && value > maximum && maximum < farthest) return `At most ${maximum}.`;
  return undefined;
}

function findTextFault(
  { choices, pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: FormField,
  text: string,
): string | undefined {
  if (choices.length > 0 && !choices.includes(text)) return `One of ${choices.join(', ')}.`;
  if (text.length < minLength || text.length > maxLength) {
    const said = minLength === maxLength ? `exactly ${minLength}` : `${minLength} to ${maxLength}`;
    return `This has ${text.length} characters; ${said} are needed.`;
  }
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(text)) {
    return /\s/.test(text)
      ? 'There is a blank or a line break in it; copy it again.'
      : `This does not have the form that is needed (${pattern}).`;
  }
  return undefined;
}

/** A blank at the ends comes with copying. */
function textOf({ name }: FormField, entered: Entered): string {
  return (entered[name] ?? '').trim();
}

function parseText({ kind }: FormField, text: string): JsonValue {
  switch (kind) {
    case 'number':
      return Number(text);
    case 'flag':
      return text === 'true';
    case 'list':
      return [...linesOf(text)];
    case 'json':
      return JSON.parse(text) as JsonValue;
    default:
      return text;
  }
}

function toText(value: JsonValue, kind: FormField['kind']): string {
  if (kind === 'list' && Array.isArray(value)) return value.map(String).join('\n');
  return typeof value === 'string' && kind !== 'json' ? value : JSON.stringify(value);
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
