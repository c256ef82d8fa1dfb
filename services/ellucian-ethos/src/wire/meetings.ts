import { DateOnly, listOf, maybe, mayHave, Text, WallTime, word } from '@flotilla/substrate/lenient';
import { present, theOnly } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { Reference } from './record.ts';

const Days = listOf(word('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'));
/** At the times on the wall at the institution: whatever offset is written behind them, ERPs mean these. */
const Recurrence = z.object({
  timePeriod: maybe(z.object(mayHave(WallTime, 'startOn', 'endOn'))),
  repeatRule: maybe(z.object({ daysOfWeek: Days, ends: maybe(z.object(mayHave(DateOnly, 'date'))) })),
});
const Location = z.object({
  ...mayHave(Text, 'type', 'number', 'title'),
  building: maybe(z.object(mayHave(Text, 'title', 'code'))),
});
const Event = z.object({
  detail: Reference,
  recurrence: maybe(Recurrence),
  locations: listOf(z.object({ location: maybe(Location) })),
});

const Meeting = Event.transform(({ detail: id, recurrence, locations = [] }) => {
  const { timePeriod, repeatRule } = recurrence ?? {};
  // In several rooms at once is in none of them.
  const room = theOnly(locations.flatMap(({ location }) => (location?.type === 'room' ? [location] : [])));
  return present({
    id,
    days: repeatRule?.daysOfWeek ?? [],
    startTime: timePeriod?.startOn?.time,
    endTime: timePeriod?.endOn?.time,
    beginDate: timePeriod?.startOn?.date,
    endDate: repeatRule?.ends?.date ?? timePeriod?.endOn?.date,
    room: room?.number ?? room?.title,
    building: room?.building?.title ?? room?.building?.code,
  });
});

/** The instructional events of a section in its maximum representation, in the order of their ids: ERPs have none. */
export const Meetings = listOf(Meeting).transform((all) => all?.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
