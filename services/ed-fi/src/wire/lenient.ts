import { Numeric, readAs, Text } from '@flotilla/substrate/lenient';
import { gradeOf, namesIn } from '@flotilla/substrate/vendor';
import { z } from 'zod';

/*
 * Pure. What Ed-Fi's hosts spell in ways of their own, besides what everybody does.
 */

/** A text that must be there, and so must not be blank. */
export const Name = Text.refine((text) => text.trim() !== '', 'It is blank');

/** A day, or (since Data Standard 4) a moment, of which the day counts that it is written with. */
export const DateOfMoment = readAs('a date and time', (text) => {
  const [, day] = /^(\d{4}-\d\d-\d\d)(?:T[\d:.]+(?:Z|[+-][\d:]+)?)?$/i.exec(text) ?? [];
  return z.iso.date().safeParse(day).data;
});

/** `uri://ed-fi.org/TermDescriptor#Fall Semester` is the word after the `#`: hosts have namespaces of their own. Early ones sent the word alone. */
export const Word = z.string().transform(wordOf).pipe(z.string().min(1));

export function wordOf(descriptor: string): string {
  return descriptor.slice(descriptor.lastIndexOf('#') + 1).trim();
}

/** A word that a host has of its own stays as it is. */
export const GradeLevel = Word.transform((word) => gradeOf(word) ?? word);
export const GradeLevels = namesIn('gradeLevelDescriptor', GradeLevel);

/** Undefined for a text that is no number: a score may be a level. */
export function toNumber(text: string | undefined): number | undefined {
  return Numeric.safeParse(text).data;
}
