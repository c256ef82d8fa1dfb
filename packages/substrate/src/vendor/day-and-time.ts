import { z } from 'zod';
import { DateOnly, optional } from './lenient.ts';
import { at } from './record-shape.ts';

const Day = optional(DateOnly);
const Time = optional(z.iso.time());

/**
 * Pure. For a table: a moment that the vendor has as a day and a time of it, in two members; a day alone is its midnight, a time alone is nothing. Of
 * vendors that know no zone these are taken for UTC's, read and written.
 */
export function dayAndTime(day: string, time: string) {
  const Moment = z.object({ [day]: Day, [time]: Time }).transform((held) => {
    const at = held[time] ?? '00:00:00';
    return held[day] === undefined ? undefined : new Date(`${held[day]}T${at}Z`).toISOString();
  });
  return at('', Moment, (moment) => {
    const spelled = moment === undefined ? undefined : new Date(moment).toISOString();
    return { [day]: spelled?.slice(0, 10), [time]: spelled?.slice(11, 19) };
  });
}
