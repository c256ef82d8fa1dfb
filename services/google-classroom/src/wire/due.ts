import { z } from 'zod';

const Part = z.int().default(0);

/** `google.type.Date` and `google.type.TimeOfDay`, in UTC. Zeros are left out, as they are everywhere at Google. */
export const DueDate = z.object({ year: z.int(), month: z.int().min(1), day: z.int().min(1) });
export const DueTime = z.object({ hours: Part, minutes: Part, seconds: Part });

/** Pure. */
export function toMoment(
  { year, month, day }: z.output<typeof DueDate>,
  { hours, minutes, seconds }: z.output<typeof DueTime> = { hours: 0, minutes: 0, seconds: 0 },
): string {
  return new Date(Date.UTC(year, month - 1, day, hours, minutes, seconds)).toISOString();
}

/** Pure. */
export function toDue(moment: string) {
  const at = new Date(moment);
  return {
    dueDate: { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() },
    dueTime: { hours: at.getUTCHours(), minutes: at.getUTCMinutes(), seconds: at.getUTCSeconds() },
  };
}
