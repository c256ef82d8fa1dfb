import type { JsonValue } from '@flotilla/substrate/json/json-value';
import { Id, optional } from '@flotilla/substrate/lenient';
import type { EntityType } from '@flotilla/substrate/model';
import type { DeltaWord, Feed } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import type { Connection } from './connection.ts';
import { instructorId } from './entities/enrollments.ts';
import { isOffered, type Representation } from './representation.ts';
import { Guid, Reference } from './wire/record.ts';

/**
 * The resources in whose messages an entity type is told of. Read whole are orgs, which are few, and courses and results, of which other lists
 * say more.
 */
const resources: Readonly<Partial<Record<EntityType, readonly Representation[]>>> = {
  academicSession: ['academic-periods'],
  class: ['sections'],
  user: ['persons'],
  enrollment: ['section-registrations', 'section-instructors'],
  demographics: ['persons'],
  lineItem: ['sections'],
};

const Content = z.object({ section: Reference });
const Message = z.object({
  id: Id,
  resource: z.object({ name: z.string(), id: Guid }),
  operation: z.string(),
  content: optional(Content).catch(undefined),
});

/**
 * The queue of the application: `lastProcessedID` acknowledges all messages up to it, which are then gone, and answers with those that follow.
 * Without it, what is answered would be gone at once. It cannot be asked without being read, so there is no `latest`.
 */
export const changeNotifications: Feed<Connection> = {
  since: (entityType, _, connection) => {
    const told: string[] = resources[entityType]?.filter((name) => isOffered(connection, name)) ?? [];
    // When a class meets is told apart from it, and read only where sections come with it.
    if (entityType === 'class' && connection.offered?.['sections-maximum'] !== undefined) told.push(events);
    const { changeNotifications: subscribed = [] } = connection;
    if (told.length === 0 || !told.every((name) => subscribed.includes(name))) return undefined;
    return [{ collection: queue, says: (message) => wordsOf(message, told), isConsumed: true }];
  },
  // Thirty, as people say; no document that we have does.
  keptDays: 14,
};

const events = 'instructional-events';

const queue = {
  path: '/consume',
  accept: 'application/vnd.hedtech.change-notifications.v2+json',
  query: { lastProcessedID: '0' },
  paging: {
    kind: 'token',
    tokenParameter: 'lastProcessedID',
    // Until nothing comes: only then is the last one acknowledged as well.
    tokenIn: (json: JsonValue) => (Array.isArray(json) ? Message.safeParse(json.at(-1)).data?.id : undefined),
    sizeParameter: 'limit',
    pageSize: 500,
  },
} as const;

/**
 * A message only says of which record: what it holds is of another representation than the one that is read, and old when the queue is long.
 */
function wordsOf(record: JsonValue, told: readonly string[]): readonly DeltaWord[] {
  const message = Message.safeParse(record);
  if (!message.success) return [{ unclear: 'a message without id, resource or operation' }];
  const { id, resource, operation, content } = message.data;
  if (!told.includes(resource.name)) return [];
  const section = content?.section;
  if (resource.name === events)
    return [section === undefined ? { unclear: `message ${id} tells of no section` } : { named: section }];
  const own = resource.name === 'section-instructors' ? instructorId(resource.id) : resource.id;
  return [operation === 'deleted' ? { deleted: own } : { named: own }];
}
