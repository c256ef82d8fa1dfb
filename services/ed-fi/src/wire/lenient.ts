import { z } from 'zod';

/*
 * Pure. Ed-Fi as hosts really send it. What has one meaning is read, whatever its spelling; what is ambiguous is refused, never guessed:
 * the record is quarantined and the report names it.
 */

/** Missing, null and blank all mean absent. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

export function optional<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => (isAbsent(value) ? undefined : value), schema.optional());
}

/** A text; a number where text is due means its digits. */
export const Text = z.union([z.string(), z.number().transform(String)]);

/** Reads a text by a pattern; `toValue` gets its groups. */
function pattern<T>(form: RegExp, name: string, toValue: (groups: readonly string[]) => T | undefined) {
  return z.string().transform((text, context): T => {
    const found = form.exec(text.trim());
    const value = found === null ? undefined : toValue(found);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `"${text}" is not ${name}` });
    return z.NEVER;
  });
}

// Made once: zod compiles a schema when it is made, and these are asked for every date of every record.
const CalendarDay = z.iso.date();
const Moment = z.iso.datetime({ offset: true });
const dayOf = ([, day]: readonly string[]) => (CalendarDay.safeParse(day).success ? day : undefined);

/** `YYYY-MM-DD`; older hosts write midnight behind it. Any other time would make it a matter of zones which day is meant. */
export const DateOnly = pattern(
  /^(\d{4}-\d\d-\d\d)(?:T00:00(?::00(?:\.0+)?)?Z?)?$/i,
  'a date (YYYY-MM-DD)',
  dayOf,
);

/** A day, or (since Data Standard 4) a moment, of which the day counts that it is written with. */
export const DateOfMoment = pattern(
  /^(\d{4}-\d\d-\d\d)(?:T[\d:.]+(?:Z|[+-][\d:]+)?)?$/i,
  'a date and time',
  dayOf,
);

/** ISO 8601; without a zone it is UTC, as the platform's own times are. */
export const DateTime = pattern(
  /^(\d{4}-\d\d-\d\d)(?:[T ]([\d:.]+)(Z|[+-]\d\d:\d\d)?)?$/i,
  'an ISO 8601 date and time',
  ([, day, time = '00:00:00', zone = 'Z']) => {
    const moment = `${day}T${time}${zone.toUpperCase()}`;
    return Moment.safeParse(moment).success ? moment : undefined;
  },
);

/** A number, or a number as text. */
export const Numeric = z.union([
  z.number(),
  pattern(/^-?\d+(\.\d+)?$/, 'a number', ([text]) => Number(text)),
]);

/** `uri://ed-fi.org/TermDescriptor#Fall Semester` is the word after the `#`: hosts have namespaces of their own. Early ones sent the word alone. */
export const Word = z.string().transform(wordOf);

export function wordOf(descriptor: string): string {
  return descriptor.slice(descriptor.lastIndexOf('#') + 1).trim();
}

/** A descriptor as one of our words, the first whose pattern fits; `otherwise` a word of the host's own. */
export function vocabulary<const W extends string>(patterns: Readonly<Record<W, RegExp>>) {
  return Word.transform((word) => wordIn(patterns, word) ?? (`ext:${word}` as const));
}

export function wordIn<const W extends string>(patterns: Readonly<Record<W, RegExp>>, word: string) {
  return (Object.keys(patterns) as W[]).find((one) => patterns[one].test(word));
}

/** A list of objects of which one member counts: `[{"gradeLevelDescriptor": "uri://…#Ninth grade"}]`; in order, an empty one is absent. */
export function listOf(member: string, schema: z.ZodType<string>) {
  const Item = z.record(z.string(), z.unknown()).transform((item) => item[member]);
  return z
    .array(Item.pipe(schema))
    .transform((list) => (list.length === 0 ? undefined : list.toSorted(byText)));
}

/** Undefined for a text that is no number: a score may be a level. */
export function toNumber(text: string | undefined): number | undefined {
  return Numeric.safeParse(text).data;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
