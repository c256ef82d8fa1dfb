import { z } from 'zod';

/*
 * OneRoster as providers really send it. What has one meaning is read, whatever its spelling; what is ambiguous (`1/05/2023`) is
 * refused, never guessed: the record is quarantined and the report names it.
 */

/** A member that may be missing, null or blank: all three mean absent. */
export function optional<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => (isAbsent(value) ? undefined : value), schema.optional());
}

function isAbsent(value: unknown): boolean {
  return value === null || (typeof value === 'string' && value.trim() === '');
}

/** A text; a number where text is due (`"identifier": 4711`) means its digits. */
export const Text = z.union([z.string(), z.number().transform(String)]);

/** `"true"` and `"false"` by the standard (1.1 and 1.2 type them as strings); any case and JSON booleans occur. */
export const Truth = z.unknown().transform((value, context): boolean => {
  const text = String(value).trim().toLowerCase();
  if (text === 'true' || text === 'false') return text === 'true';
  context.addIssue({ code: 'custom', message: `${JSON.stringify(value)} is not "true" or "false"` });
  return z.NEVER;
});

/** A word of a vocabulary in any case (`Scheduled`), or an `ext:` word, which OneRoster 1.2 allows anywhere. */
export function word<const W extends readonly [string, ...string[]]>(words: W) {
  const byLowerCase = new Map(words.map((each) => [each.toLowerCase(), each]));
  return z.string().transform((text, context): W[number] | `ext:${string}` => {
    const trimmed = text.trim();
    const known = byLowerCase.get(trimmed.toLowerCase());
    if (known !== undefined) return known;
    if (/^ext:./.test(trimmed)) return trimmed as `ext:${string}`;
    context.addIssue({ code: 'custom', message: `"${text}" is not one of ${words.join(', ')} or ext:...` });
    return z.NEVER;
  });
}

// Made once: zod compiles a schema when it is made, and these are asked for every date of every record.
const CalendarDay = z.iso.date();
const Moment = z.iso.datetime({ offset: true });

/** `YYYY-MM-DD`; midnight of a day means that day. Any other time would make it a matter of time zones which day is meant. */
export const DateOnly = z.string().transform((text, context): string => {
  const date = /^(\d{4}-\d{2}-\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i.exec(
    text.trim(),
  )?.[1];
  if (date !== undefined && CalendarDay.safeParse(date).success) return date;
  context.addIssue({ code: 'custom', message: `"${text}" is not a date (YYYY-MM-DD)` });
  return z.NEVER;
});

/** ISO 8601. The standard wants UTC, so a missing zone is read as UTC and a missing time as midnight. */
export const DateTime = z.string().transform((text, context): string => {
  const parts = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(
    text.trim(),
  );
  const [, date, time = '00:00:00', zone = 'Z'] = parts ?? [];
  const moment = `${date}T${time.length === 5 ? `${time}:00` : time}${zone.toUpperCase().replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`;
  if (parts !== null && Moment.safeParse(moment).success) return moment;
  context.addIssue({ code: 'custom', message: `"${text}" is not an ISO 8601 date and time` });
  return z.NEVER;
});

/** A number, or a number as text. */
export const Numeric = z.union([z.number(), z.string()]).transform((value, context): number => {
  if (typeof value === 'number' || /^\s*-?\d+(\.\d+)?\s*$/.test(value)) return Number(value);
  context.addIssue({ code: 'custom', message: `"${value}" is not a number` });
  return z.NEVER;
});

/** A list of texts; some providers send one text, comma-separated as in the CSV binding. An empty list means absent. */
export const TextList = z
  .union([z.array(Text.nullable()), z.string().transform((text) => text.split(','))])
  .transform((list) => list.map((text) => text?.trim() ?? '').filter((text) => text !== ''))
  .transform((list) => (list.length === 0 ? undefined : list));

/** `{href, sourcedId, type}`: only the id counts. The types that providers write vary (1.1 examples use student, teacher, term). */
export const Reference = z
  .object({ sourcedId: Text.pipe(z.string().trim().min(1)) })
  .transform((reference) => reference.sourcedId);

/** A list of references; empty means absent. */
export const References = z.array(Reference).transform((ids) => (ids.length === 0 ? undefined : ids));
