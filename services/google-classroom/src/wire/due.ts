import { optional } from '@flotilla/substrate/lenient';
import { at } from '@flotilla/substrate/vendor';
import { z } from 'zod';

const Part = z.int().default(0);

/** `google.type.Date` and `google.type.TimeOfDay`, in UTC. Zeros are left out, as they are everywhere at Google. */
const Due = z.object({
  dueDate: optional(z.object({ year: z.int(), month: z.int().min(1), day: z.int().min(1) })),
  dueTime: optional(z.object({ hours: Part, minutes: Part, seconds: Part })),
});

/** A moment is two members at Google. */
export const due = at('', Due.transform(toMoment), toDue);

function toMoment({
  dueDate,
  dueTime: { hours, minutes, seconds } = { hours: 0, minutes: 0, seconds: 0 },
}: z.output<typeof Due>): string | undefined {
  if (dueDate === undefined) return undefined;
  const { year, month, day } = dueDate;
  return new Date(Date.UTC(year, month - 1, day, hours, minutes, seconds)).toISOString();
}

function toDue(moment: string | undefined) {
  if (moment === undefined) return { dueDate: undefined, dueTime: undefined };
  const at = new Date(moment);
  return {
    dueDate: { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() },
    dueTime: { hours: at.getUTCHours(), minutes: at.getUTCMinutes(), seconds: at.getUTCSeconds() },
  };
}
