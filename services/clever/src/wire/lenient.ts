import { Id, optional, readAs } from '@flotilla/substrate/lenient';
import { z } from 'zod';

/** Ids; blank ones are left out, and one that is named twice is there once. */
export const Ids = optional(z.array(optional(Id))).transform((list = []) => [
  ...new Set(list.filter((id) => id !== undefined)),
]);

// Made once: zod compiles a schema when it is made, and it is asked for every student.
const CalendarDay = z.iso.date();

/** A day of birth, `MM/DD/YYYY` by Clever's documents, in that order; ISO says which is which by itself. */
export const DayOfBirth = readAs('a date (MM/DD/YYYY)', (text) => {
  const [, month = '', day = '', year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text) ?? [];
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return CalendarDay.safeParse(year === undefined ? text : iso).data;
});

export const Year = readAs('a year', (text) => (/^\d{4}$/.test(text) ? Number(text) : undefined));
