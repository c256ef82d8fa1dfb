import { isJsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import type { EntityType } from '@flotilla/substrate/model';
import type { DeltaWord, Feed } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { type Connection, pathTo } from './paths.ts';

/** What the events of each entity type are about. Of gradebooks there are none: Edlink asks the school's system at each request. */
const targets: Readonly<Partial<Record<EntityType, readonly string[]>>> = {
  org: ['district', 'school'],
  academicSession: ['session'],
  // A class without a course is one as well.
  course: ['course', 'class'],
  class: ['class'],
  user: ['person'],
  enrollment: ['enrollment'],
  demographics: ['person'],
};

const Event = z.object({
  id: z.string(),
  date: z.string(),
  type: z.string(),
  target: z.string(),
  target_id: z.string(),
  data: z.json().optional(),
});

const dayMs = 24 * 60 * 60_000;
/** Edlink keeps events for 30 days. The latest may be a week old when we ask: so long may it be since the last whole fetch, by default. */
const safeMs = 23 * dayMs;

/** Edlink's event log, in order of time; cursors are `date id`. The User API has none, and then everything is read. */
export const feed: Feed<Connection> = {
  latest: (connection) => ({ path: pathTo(connection, 'events'), query: { $last: '1' } }),
  cursorIn,
  covers: (entityType) => targets[entityType] !== undefined,
  since: (entityType, { from }, connection) => {
    const told = targets[entityType];
    if (told === undefined) return undefined;
    const [, after = ''] = from.split(' ');
    const collection = { path: pathTo(connection, 'events'), member: '$data', query: { $after: after } };
    return [{ collection, says: (event) => wordsOf(event, told) }];
  },
  // An id that is not kept any more is no cursor: asking for what came after it is an error.
  isTooOld: (cursor, answer) => !(dateOf(cursorIn(answer)) - dateOf(cursor) < safeMs),
};

function cursorIn(answer: JsonValue): string | undefined {
  const [latest] = isJsonObject(answer) && Array.isArray(answer.$data) ? answer.$data : [];
  const { data } = Event.safeParse(latest);
  return data && `${data.date} ${data.id}`;
}

function dateOf(cursor = ''): number {
  return Date.parse(cursor.split(' ')[0] ?? '');
}

/** First that the record is gone, then what it is now: of what it does not make any more (demographics) the first holds. */
function wordsOf(record: JsonValue, told: readonly string[]): readonly DeltaWord[] {
  const { data: event } = Event.safeParse(record);
  if (event === undefined || !told.includes(event.target)) return [];
  const gone = { deleted: event.target_id };
  return event.type === 'deleted' ? [gone] : [gone, { changed: event.data ?? null }];
}
