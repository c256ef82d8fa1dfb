import { z } from 'zod';

/*
 * Clever as it is really sent. It normalises what districts give it; all the same, what has one meaning is read whatever its spelling,
 * and what is ambiguous is refused, never guessed: the record is quarantined and the report names it.
 */

/** A member that may be missing, null or blank: all three mean absent. */
export function optional<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => (isBlank(value) ? undefined : value), schema.optional());
}

/** Members of one kind, each of which may be missing. */
export function mayHave<S extends z.ZodType, Name extends string>(schema: S, ...names: readonly Name[]) {
  const member = optional(schema);
  return Object.fromEntries(names.map((name) => [name, member])) as Record<Name, typeof member>;
}

function isBlank(value: unknown): boolean {
  return value === null || (typeof value === 'string' && value.trim() === '');
}

/** A text; a number where text is due (`"sis_id": 4711`) means its digits. */
export const Text = z.union([z.string(), z.number().transform(String)]);

/** A Clever id: 24 hexadecimal digits. Any text is one, since nothing is done with it but compare. */
export const Id = Text.pipe(z.string().trim().min(1).max(255));

/** Ids; blank ones are left out, and one that is named twice is there once. */
export const Ids = optional(z.array(optional(Id))).transform((list = []) => [
  ...new Set(list.filter((id) => id !== undefined)),
]);

/** A text that stands for something; `meaningOf` answers undefined where it does not. */
function readAs<T>(expected: string, meaningOf: (text: string) => T | undefined) {
  return Text.transform((text, context): T => {
    const meaning = meaningOf(text.trim());
    if (meaning !== undefined) return meaning;
    context.addIssue({ code: 'custom', message: `"${text}" is not ${expected}` });
    return z.NEVER;
  });
}

/** One of Clever's words in any case, as what it means. */
export function wordAs<const M extends Readonly<Record<string, unknown>>>(meanings: M) {
  const words = Object.keys(meanings) as (keyof M & string)[];
  const byLowerCase = new Map(words.map((word) => [word.toLowerCase(), meanings[word]]));
  return readAs(`one of ${words.join(', ')}`, (text) => byLowerCase.get(text.toLowerCase()));
}

// Made once: zod compiles a schema when it is made, and it is asked for every date of every record.
const CalendarDay = z.iso.date();

/** `YYYY-MM-DD`, or midnight UTC of that day (`datetime` in the schema). Any other time would make it a matter of zones which day is meant. */
export const DateOnly = readAs('a date (YYYY-MM-DD)', (text) => {
  const [, day] = /^(\d{4}-\d{2}-\d{2})(?:T00:00(?::00(?:\.0+)?)?(?:Z|\+00:?00)?)?$/i.exec(text) ?? [];
  return CalendarDay.safeParse(day).data;
});

/** A day of birth, `MM/DD/YYYY` by Clever's documents, in that order; ISO says which is which by itself. */
export const DayOfBirth = readAs('a date (MM/DD/YYYY)', (text) => {
  const [, month = '', day = '', year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text) ?? [];
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return CalendarDay.safeParse(year === undefined ? text : iso).data;
});

export const Year = readAs('a year', (text) => (/^\d{4}$/.test(text) ? Number(text) : undefined));
