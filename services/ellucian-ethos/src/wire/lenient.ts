import { isJsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import { z } from 'zod';

/*
 * Pure. Ethos as ERPs really fill it. What has one meaning is read, whatever its spelling; what is ambiguous is refused, never guessed: the
 * record is quarantined and the report names it.
 */

/** A member that may be missing, null, blank or an empty object: all mean absent. */
export function optional<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => (isAbsent(value) ? undefined : value), schema.optional());
}

function isAbsent(value: unknown): boolean {
  if (value === null || (typeof value === 'string' && value.trim() === '')) return true;
  return isJsonObject(value as JsonValue) && Object.keys(value as object).length === 0;
}

/** A text; a number where text is due (`"number": 101`) means its digits. */
export const Text = z.union([z.string(), z.number().transform(String)]);

/** GUIDs are in lower case, and mean the same in any. */
export const Id = z.string().trim().toLowerCase().min(1).max(255);

/** `{"id": guid}`; in a maximum representation `{"detail": {"id": guid}, "title": ...}`. Only the id counts. */
export const Reference = z.preprocess(
  (value) => (isJsonObject(value as JsonValue) ? ((value as { detail?: unknown }).detail ?? value) : value),
  z.object({ id: Id }).transform(({ id }) => id),
);

/** A word of an enumeration, in any case. */
export function word<const W extends readonly [string, ...string[]]>(words: W) {
  return z.string().transform((text, context): W[number] => {
    const known = words.find((each) => each.toLowerCase() === text.trim().toLowerCase());
    if (known !== undefined) return known;
    context.addIssue({ code: 'custom', message: `"${text}" is not one of ${words.join(', ')}` });
    return z.NEVER;
  });
}

// Made once: zod compiles a schema when it is made, and these are asked for every date of every record.
const CalendarDay = z.iso.date();
const Moment = z.iso.datetime({ offset: true });

/** `YYYY-MM-DD`; ERPs write midnight behind it. Any other time would make it a matter of zones which day is meant. */
export const DateOnly = z.string().transform((text, context): string => {
  const date = /^(\d{4}-\d\d-\d\d)(?:T00:00(?::00(?:\.0+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/i.exec(text.trim())?.[1];
  if (date !== undefined && CalendarDay.safeParse(date).success) return date;
  context.addIssue({ code: 'custom', message: `"${text}" is not a date (YYYY-MM-DD)` });
  return z.NEVER;
});

/** What is read on a clock on the wall at the institution: whatever offset is written behind it, ERPs mean this. */
export const LocalTime = z.string().transform((text, context): { date: string; time: string } => {
  const [, date = '', time = ''] = /^(\d{4}-\d\d-\d\d)T((?:[01]\d|2[0-3]):[0-5]\d)/.exec(text.trim()) ?? [];
  if (CalendarDay.safeParse(date).success) return { date, time };
  context.addIssue({ code: 'custom', message: `"${text}" is not a date and time` });
  return z.NEVER;
});

/** The metadata of a record is "informational only": what of it is strange says nothing of the record. */
export const Metadata = z
  .object({ modifiedOn: Moment.optional().catch(undefined) })
  .optional()
  .catch(undefined);
