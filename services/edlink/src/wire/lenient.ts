import { z } from 'zod';

/*
 * Edlink hands on what its sources have. What has one meaning is read, whatever its spelling; what is ambiguous is refused, never guessed:
 * the record is quarantined and the report names it.
 */

/** A member that may be missing, null or blank: all three mean absent. Edlink sends null for what a source does not have. */
export function optional<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => (isAbsent(value) ? undefined : value), schema.optional());
}

/** Pure. */
export function isAbsent(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === 'string' && value.trim() === '');
}

/** A text; a number where text is due means its digits. */
export const Text = z.union([z.string(), z.number().transform(String)]);

/** An id of Edlink's: a UUID by its documents, of which nothing depends on the form. */
export const Id = Text.pipe(z.string().trim().min(1).max(80));

/** A JSON boolean; as a text in what some sources bring. */
export const Flag = z.union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })]);

/** A number; Edlink's own examples have points as text (`"grade_points": "12"`). */
export const Numeric = z.preprocess(
  (value) => (typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value),
  z.number({ error: ({ input }) => `${JSON.stringify(input)} is not a number` }),
);

/** A list of texts; an empty one means absent. */
export const TextList = optional(
  z
    .array(Text.nullable())
    .transform((list) => list.map((text) => text?.trim() ?? '').filter((text) => text !== '')),
).transform((list) => (list?.length === 0 ? undefined : list));

/** One of Edlink's words in any case, as the word that it stands for. */
export function word<const W extends Readonly<Record<string, string>>>(meanings: W) {
  const known = new Map(Object.entries(meanings).map(([name, meaning]) => [name.toLowerCase(), meaning]));
  return z.string().transform((text, context): W[keyof W] => {
    const meaning = known.get(text.trim().toLowerCase());
    if (meaning !== undefined) return meaning as W[keyof W];
    context.addIssue({ code: 'custom', message: `"${text}" is not one of ${[...known.keys()].join(', ')}` });
    return z.NEVER;
  });
}

/** A moment; Edlink writes UTC, and takes a date without a zone for UTC (`DATETIME_MISSING_TIMEZONE`). */
export const Moment = z
  .string()
  .transform((text) => {
    const moment = text.trim().toUpperCase().replace(' ', 'T');
    if (!moment.includes('T')) return `${moment}T00:00:00Z`;
    return /(Z|[+-]\d{2}:\d{2})$/.test(moment) ? moment : `${moment}Z`;
  })
  .pipe(
    z.iso.datetime({ offset: true, error: ({ input }) => `${JSON.stringify(input)} is no ISO 8601 date` }),
  );

/** A calendar day, which Edlink writes as a moment: the day in UTC, the zone of all its dates. */
export const Day = Moment.transform((moment) => new Date(moment).toISOString().slice(0, 10));
