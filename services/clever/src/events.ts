import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import type { EntityType } from '@flotilla/substrate/model';
import type { DeltaWord, Feed } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { demographics } from './entities/demographics.ts';
import { enrollments } from './entities/enrollments.ts';
import { type Connection, listOf } from './paths.ts';
import { idOf } from './wire/record.ts';

/** Whose events tell of an entity type. */
const kinds: Readonly<Partial<Record<EntityType, readonly string[]>>> = {
  org: ['districts', 'schools'],
  academicSession: ['terms'],
  course: ['courses'],
  class: ['sections'],
  user: ['users'],
  enrollment: ['sections'],
  demographics: ['users'],
};

const list = listOf('events');

/** The Events API: one ordered list of everything that was created, updated or deleted. Opt-in: where there are no events, all is read. */
export const events: Feed<Connection> = {
  // `last` is in the clients that Clever and others have published, not in its OpenAPI document.
  latest: (connection) => ({ path: list(connection).path, query: { ending_before: 'last', limit: 1 } }),
  cursorIn: (answer) => Answer.safeParse(answer).data?.data.at(-1)?.data.id,
  since: (entityType, { from }, connection) => {
    const told = kinds[entityType];
    if (told === undefined) return undefined;
    // The same list for every entity type, so that it is asked for once.
    const collection = { ...list(connection), query: { starting_after: from } };
    return [{ collection, says: (event) => wordsOf(entityType, told, event) }];
  },
  covers: (entityType) => kinds[entityType] !== undefined,
  // Clever keeps them for 30; a run takes a while.
  keptDays: 29,
};

const Attributes = z.custom<JsonObject>((value) => isJsonObject(value as JsonValue));
const Told = z.custom<JsonObject & { readonly id: string }>((value) => idOf(value) !== undefined);

/** `previous_attributes` stands within `data` in older documents. */
const Event = z.object({
  id: z.string().min(1),
  type: z.string(),
  data: z.object({ object: Told, previous_attributes: Attributes.optional() }),
  previous_attributes: Attributes.optional(),
});

const Answer = z.object({ data: z.array(z.object({ data: Event })) });

function wordsOf(entityType: EntityType, told: readonly string[], record: JsonValue): readonly DeltaWord[] {
  const event = Event.safeParse(record);
  // Refused as a record without an id, whatever it told of: a whole fetch will bring it.
  if (!event.success) return [{ changed: [record] }];
  const { type, data, previous_attributes: previous = data.previous_attributes } = event.data;
  const { object } = data;
  const [kind = '', action] = type.split('.');
  if (!told.includes(kind)) return [];
  const held = entityType === 'enrollment' ? enrollmentIds({ ...object, ...previous }) : [object.id];
  const deleted = held.map((id) => ({ deleted: id }));
  if (action === 'deleted') return deleted;
  // What stood in another's record may have been taken out of it; what is still there is said again after it.
  const isRead = derived[entityType]?.safeParse(object).success === true;
  return [...(isRead ? deleted : []), { changed: object }];
}

/** What is read of another entity type's record. */
const derived: Readonly<Partial<Record<EntityType, z.ZodType>>> = {
  enrollment: enrollments.wire,
  demographics: demographics.wire,
};

/** None where the section cannot be read. */
function enrollmentIds(record: JsonObject): readonly string[] {
  const section = enrollments.wire.safeParse(record);
  return section.success ? enrollments.read(section.data).map(({ id }) => id) : [];
}
