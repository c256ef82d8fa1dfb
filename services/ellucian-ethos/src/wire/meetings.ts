import { DateOnly, listOf, optional, readAs, Text, word } from '@flotilla/substrate/lenient';
import type { EntityValue } from '@flotilla/substrate/model';
import { present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { maybe, Reference } from './record.ts';

type Meeting = NonNullable<EntityValue<'class'>['meetings']>[number];

/** What is read on a clock on the wall at the institution: whatever offset is written behind it, ERPs mean this. */
const LocalTime = readAs('a date and time', (text) => {
  const [, date, time = ''] = /^(\d{4}-\d\d-\d\d)T((?:[01]\d|2[0-3]):[0-5]\d)/.exec(text) ?? [];
  return date === undefined ? undefined : { date, time };
});

const Days = listOf(word('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'));
const Recurrence = z.object({
  timePeriod: maybe(z.object({ startOn: optional(LocalTime), endOn: optional(LocalTime) })),
  repeatRule: maybe(z.object({ daysOfWeek: Days, ends: maybe(z.object({ date: optional(DateOnly) })) })),
});
const Location = z.object({
  type: optional(Text),
  number: optional(Text),
  title: optional(Text),
  building: maybe(z.object({ title: optional(Text), code: optional(Text) })),
});
const Event = z.object({
  detail: Reference,
  recurrence: maybe(Recurrence),
  locations: listOf(z.object({ location: maybe(Location) })),
});

/** The instructional events of a section in its maximum representation, in the order of their ids: ERPs have none. */
export const Meetings = listOf(Event).transform((events): Meeting[] | undefined =>
  events
    ?.map(({ detail, recurrence: { timePeriod, repeatRule } = {}, locations = [] }) => {
      const rooms = locations.flatMap(({ location }) => (location?.type === 'room' ? [location] : []));
      // In several rooms at once is in none of them.
      const room = rooms.length === 1 ? rooms[0] : undefined;
      return present({
        id: detail,
        days: repeatRule?.daysOfWeek ?? [],
        startTime: timePeriod?.startOn?.time,
        endTime: timePeriod?.endOn?.time,
        beginDate: timePeriod?.startOn?.date,
        endDate: repeatRule?.ends?.date ?? timePeriod?.endOn?.date,
        room: room?.number ?? room?.title,
        building: room?.building?.title ?? room?.building?.code,
      });
    })
    .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
);
