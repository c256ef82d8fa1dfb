import { z } from 'zod';

/*
 * Canvas as schools really have it. What has one meaning is read, whatever its spelling; what is ambiguous is refused, never guessed: the
 * record is quarantined and the report names it.
 */

/** A member that may be missing, null or blank: all three mean absent. Canvas sends null for what it does not have. */
export function optional<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => (isAbsent(value) ? undefined : value), schema.optional());
}

function isAbsent(value: unknown): boolean {
  return value === null || (typeof value === 'string' && value.trim() === '');
}

/** A text; a number where text is due means its digits. */
export const Text = z.union([z.string(), z.number().transform(String)]);

/**
 * An id: an integer, which we ask for as text, since those of other shards have more digits than a JavaScript number holds. A number is
 * taken as far as it is exact.
 */
export const Id = z.union([z.string().trim().min(1).max(100), z.int().transform(String)]);

/** `"true"` in what came by a form. */
export const Flag = z.union([
  z.boolean(),
  z
    .string()
    .trim()
    .toLowerCase()
    .pipe(z.enum(['true', 'false']))
    .transform((text) => text === 'true'),
]);

// Made once: zod compiles a schema when it is made, and this one is asked for every date of every record.
const Parsed = z.iso.datetime({ offset: true });

/** A moment, as ISO 8601 in UTC with milliseconds: Canvas writes the zone of whoever asks, or UTC, for the same moment. */
export const Moment = z.string().transform((text, context): string => {
  const trimmed = text.trim();
  if (Parsed.safeParse(trimmed).success) return new Date(trimmed).toISOString();
  context.addIssue({ code: 'custom', message: `"${text}" is not an ISO 8601 date and time with a zone` });
  return z.NEVER;
});

/** A number, or a number as text. */
export const Numeric = z.union([z.number(), z.string()]).transform((value, context): number => {
  if (typeof value === 'number' || /^\s*-?\d+(\.\d+)?\s*$/.test(value)) return Number(value);
  context.addIssue({ code: 'custom', message: `"${value}" is not a number` });
  return z.NEVER;
});

/** One of Canvas' words in any case, as the word that it stands for. */
export function word<const W extends Readonly<Record<string, string>>>(meanings: W) {
  const byLowerCase = new Map(
    Object.entries(meanings).map(([name, meaning]) => [name.toLowerCase(), meaning]),
  );
  return z.string().transform((text, context): W[keyof W] => {
    const meaning = byLowerCase.get(text.trim().toLowerCase());
    if (meaning !== undefined) return meaning as W[keyof W];
    const known = Object.keys(meanings).join(', ');
    context.addIssue({ code: 'custom', message: `"${text}" is not one of ${known}` });
    return z.NEVER;
  });
}
