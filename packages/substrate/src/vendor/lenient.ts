import { z } from 'zod';

/*
 * Pure. What vendors really send, read by one policy: what has one meaning is read, whatever its spelling; what is ambiguous (`1/05/2023`) is
 * refused, never guessed. The record is then quarantined, and the report says which member was not understood.
 */

/** Missing, null and blank all mean absent. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** A member that may be absent. */
export function optional<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => (isAbsent(value) ? undefined : value), schema.optional());
}

/** A member that may be absent, which some systems also say by an empty object. */
export function maybe<S extends z.ZodType>(schema: S) {
  const isEmpty = (value: unknown) =>
    typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return z.preprocess((value) => (isEmpty(value) ? undefined : value), optional(schema));
}

/** Members of one kind, each of which may be absent. */
export function mayHave<S extends z.ZodType, Name extends string>(schema: S, ...names: readonly Name[]) {
  const member = optional(schema);
  return Object.fromEntries(names.map((name) => [name, member])) as Record<Name, typeof member>;
}

/** A text; a number where text is due (`"identifier": 4711`) means its digits. */
export const Text = z.union([z.string(), z.number().transform(String)]);

/** Without the blanks around it. */
export const Trimmed = Text.transform((text) => text.trim());

/** What somebody enters that is secret: white space comes along when it is pasted, and no header may hold any. */
export const Secret = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]+$/, 'has signs that no such secret has');

/** An id; a number that stands for one is taken as far as it is exact. */
export const Id = z.union([z.string(), z.int()]).transform(String).pipe(z.string().trim().min(1).max(255));

/** A text that stands for something; `meaningOf` gets it trimmed, and answers undefined where it does not. */
export function readAs<T>(expected: string, meaningOf: (text: string) => T | undefined) {
  return Text.transform((text, context): T => {
    const meaning = meaningOf(text.trim());
    if (meaning !== undefined) return meaning;
    context.addIssue({ code: 'custom', message: `"${text}" is not ${expected}` });
    return z.NEVER;
  });
}

/** `"true"` and `"false"` in any case, and JSON's own. */
export const Flag = z.unknown().transform((value, context): boolean => {
  const text = String(value).trim().toLowerCase();
  if (text === 'true' || text === 'false') return text === 'true';
  context.addIssue({ code: 'custom', message: `${JSON.stringify(value)} is not "true" or "false"` });
  return z.NEVER;
});

/** A number, or a number as text. */
export const Numeric = z.union([z.number(), z.string()]).transform((value, context): number => {
  if (typeof value === 'number' || /^\s*-?\d+(\.\d+)?\s*$/.test(value)) return Number(value);
  context.addIssue({ code: 'custom', message: `"${value}" is not a number` });
  return z.NEVER;
});

/** One of a vendor's words in any case, as what it means. */
export function wordAs<const M extends Readonly<Record<string, unknown>>>(meanings: M) {
  const words = Object.keys(meanings) as (keyof M & string)[];
  const byLowerCase = new Map(words.map((word) => [word.toLowerCase(), meanings[word]]));
  return readAs(`one of ${words.join(', ')}`, (text) => byLowerCase.get(text.toLowerCase()));
}

/** One of these words in any case. */
export function word<const W extends string>(...words: readonly W[]) {
  return wordAs(Object.fromEntries(words.map((each) => [each, each])) as { readonly [Each in W]: Each });
}

/** The first of the words whose pattern fits the text. */
export function wordIn<const W extends string>(
  patterns: Readonly<Record<W, RegExp>>,
  text: string,
): W | undefined {
  return (Object.keys(patterns) as W[]).find((each) => patterns[each].test(text));
}

/** One of the model's words, the first whose pattern fits, else an extension of them: the vendor's own word behind `ext:`. */
export function vocabulary<const W extends string>(
  Word: z.ZodType<string>,
  patterns: Readonly<Record<W, RegExp>>,
) {
  return Word.transform((text) => wordIn(patterns, text) ?? (`ext:${text}` as const));
}

// Made once: zod compiles a schema when it is made, and these are asked for every date of every record.
const CalendarDay = z.iso.date();
const ZonedMoment = z.iso.datetime({ offset: true });

/** `YYYY-MM-DD`; midnight of a day means that day. Any other time would make it a matter of time zones which day is meant. */
export const DateOnly = readAs('a date (YYYY-MM-DD)', (text) => {
  const [, day] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i.exec(text) ?? [];
  return CalendarDay.safeParse(day).data;
});

/**
 * ISO 8601, as the same moment in UTC with milliseconds: systems write one moment in many ways, and none of them is a change. Without a zone it is
 * read as UTC, without a time as midnight.
 */
export const DateTime = readAs('an ISO 8601 date and time', (text) => {
  const parts = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(
    text,
  );
  const [, date, time = '00:00:00', zone = 'Z'] = parts ?? [];
  const clock = time.length === 5 ? `${time}:00` : time;
  const offset = zone.toUpperCase().replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  const moment = ZonedMoment.safeParse(`${date}T${clock}${offset}`);
  return moment.success ? new Date(moment.data).toISOString() : undefined;
});

/** What is read on a clock on the wall, to the minute: whatever offset is written behind it, some systems mean this. */
export const WallTime = readAs('a date and time', (text) => {
  const [, date, time = ''] = /^(\d{4}-\d\d-\d\d)T((?:[01]\d|2[0-3]):[0-5]\d)/.exec(text) ?? [];
  return date === undefined ? undefined : { date, time };
});

/** A list of texts; some send one text, comma-separated. Blank ones are left out; an empty list means absent. */
export const TextList = optional(
  z
    .union([z.array(Text.nullable()), Text.transform((text) => text.split(','))])
    .transform((list) => list.map((text) => text?.trim() ?? '').filter((text) => text !== '')),
).transform((list) => (list?.length === 0 ? undefined : list));

/** A list, or undefined where it is empty: a list without items says as much as none. */
export function listOf<S extends z.ZodType>(item: S) {
  return optional(z.array(item)).transform((list) => (list?.length === 0 ? undefined : list));
}

/** What the vendor has one of where the model has a list; absent where it has none. */
export function listOfOne<S extends z.ZodType>(schema: S) {
  return optional(schema).transform((only) => (only === undefined ? undefined : [only]));
}
