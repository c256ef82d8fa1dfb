import type { EntityValue } from '@flotilla/substrate/model';
import { present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { DateOnly, LocalTime, optional, Reference, Text, word } from './lenient.ts';

const Day = word(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']);

const Location = z.object({
  location: optional(
    z.object({
      type: optional(Text),
      number: optional(Text),
      title: optional(Text),
      building: optional(z.object({ title: optional(Text), code: optional(Text) })),
    }),
  ),
});

/** The instructional events of a section in its maximum representation. */
export const Meetings = optional(
  z.array(
    z.object({
      detail: Reference,
      recurrence: optional(
        z.object({
          timePeriod: optional(z.object({ startOn: optional(LocalTime), endOn: optional(LocalTime) })),
          repeatRule: optional(
            z.object({
              daysOfWeek: optional(z.array(Day)),
              ends: optional(z.object({ date: optional(DateOnly) })),
            }),
          ),
        }),
      ),
      locations: optional(z.array(Location)),
    }),
  ),
);

type Meeting = NonNullable<EntityValue<'class'>['meetings']>[number];

/** In the order of their ids: ERPs have none. */
export function meetingsOf(events: z.output<typeof Meetings>): Meeting[] | undefined {
  return events
    ?.map(({ detail, recurrence, locations = [] }) => {
      const { timePeriod, repeatRule } = recurrence ?? {};
      const rooms = locations.flatMap(({ location }) => (location?.type === 'room' ? [location] : []));
      const [room] = rooms;
      const isOne = rooms.length === 1;
      return present({
        id: detail,
        days: repeatRule?.daysOfWeek ?? [],
        startTime: timePeriod?.startOn?.time,
        endTime: timePeriod?.endOn?.time,
        beginDate: timePeriod?.startOn?.date,
        endDate: repeatRule?.ends?.date ?? timePeriod?.endOn?.date,
        // In several rooms at once is in none of them.
        room: isOne ? (room?.number ?? room?.title) : undefined,
        building: isOne ? (room?.building?.title ?? room?.building?.code) : undefined,
      });
    })
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
