import { int64, json, string, timestamp } from '../orm/columns.ts';
import type { Database, Reader } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';

/** The dead tasks of queues that keep none themselves. They stay until somebody replays or discards them. */
export const deadTasks = defineTable('dead_tasks', {
  columns: {
    queue: string(100),
    /** Of this one task: its name may be used again an hour after its end. */
    id: string(64),
    name: string(500),
    url: string(4096),
    /** Those that it was created with. */
    headers: json<Readonly<Record<string, string>>>(),
    /** As it was sent: JSON. */
    body: string('max'),
    attempts: int64(),
    createdAt: timestamp(),
    /** In the future while its last attempt is under way: until then it may still be answered, and is not dead. */
    diedAt: timestamp(),
    lastStatus: int64().nullable(),
    lastAnswer: string(2000),
  },
  primaryKey: ['queue', 'id'],
  indexes: [{ name: 'dead_tasks_by_death', columns: ['queue', 'diedAt'] }],
});
export type DeadTaskRow = RowOf<typeof deadTasks>;
export type DeadTaskKey = Pick<DeadTaskRow, 'queue' | 'id'>;

/** The tasks of a queue that are dead at `now` (ms since 1970), latest first. */
export function listDeadTasks(
  reader: Reader,
  queue: string,
  now: number,
  limit: number,
): Promise<readonly DeadTaskRow[]> {
  return reader.scan(deadTasks, { ...deadAt(queue, now), limit });
}

/** How many there are; no more than `limit` are counted. */
export async function countDeadTasks(
  reader: Reader,
  queue: string,
  now: number,
  limit: number,
): Promise<number> {
  return (await reader.scan(deadTasks, { ...deadAt(queue, now), limit, columns: ['id'] })).length;
}

export async function findDeadTask(
  reader: Reader,
  key: DeadTaskKey,
  now: number,
): Promise<DeadTaskRow | undefined> {
  const row = await reader.get(deadTasks, key);
  return row !== undefined && Date.parse(row.diedAt) <= now ? row : undefined;
}

export async function putDeadTask(database: Database, row: DeadTaskRow): Promise<void> {
  await database.transaction(async (transaction) => transaction.upsert(deadTasks, row));
}

export async function deleteDeadTask(database: Database, { queue, id }: DeadTaskKey): Promise<void> {
  await database.transaction(async (transaction) => transaction.delete(deadTasks, { queue, id }));
}

function deadAt(queue: string, now: number) {
  return {
    index: 'dead_tasks_by_death',
    prefix: { queue },
    // The first millisecond that is still to come, before all of its rows.
    after: { queue, diedAt: new Date(now + 1).toISOString(), id: '' },
    descending: true,
  } as const;
}
