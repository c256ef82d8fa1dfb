import { z } from 'zod';
import type { JsonObject } from '../json/json-value.ts';
import { defineEntity } from '../vendor/define-entity.ts';

/**
 * Paper School's rooms, and who sits in them, as vendors show such things: the members stand in the room's own record, and in a list of each room's. Rooms are classes,
 * members their enrollments.
 */
export interface Room {
  id: string;
  name: string;
  members: readonly string[];
  /** In a list of their own; in that list alone. */
  guests?: readonly string[];
}

const idOf = (record: unknown) => z.object({ id: z.string() }).safeParse(record).data?.id;

export const rooms = defineEntity({
  entityType: 'class',
  collection: () => ({ path: '/rooms', member: 'rooms' }),
  wire: z.object({ id: z.string(), name: z.string() }),
  idOf,
  read: ({ id, name }) => [
    {
      id,
      value: {
        status: 'active',
        title: name,
        courseSourcedId: 'k1',
        schoolSourcedId: 'o1',
        termSourcedIds: [],
      },
    },
  ],
});

export const members = defineEntity({
  entityType: 'enrollment',
  from: 'class',
  collection: rooms.collection,
  wire: z.object({ id: z.string(), members: z.array(z.string()) }),
  // A room is as many enrollments as it has members.
  idOf: () => undefined,
  read: ({ id: room, members: ids }) =>
    ids.map((user) => ({
      id: `${room}:${user}`,
      value: { status: 'active', role: 'student', classSourcedId: room, userSourcedId: user },
    })),
});

/** The same enrollments, where each room has a list of its members. */
export const seats = defineEntity({
  entityType: 'enrollment',
  within: 'class',
  collection: (_connection, room) => ({ path: `/rooms/${encodeURIComponent(room)}/seats`, member: 'seats' }),
  wire: z.object({ id: z.string(), room: z.string(), user: z.string() }),
  idOf,
  read: ({ id, room, user }) => [
    { id, value: { status: 'active', role: 'student', classSourcedId: room, userSourcedId: user } },
  ],
});

/** The same, but for cellars, which have no such list. */
export const seatsUpstairs = defineEntity({ ...seats, parents: (room) => !isCellar(room) });

/** Rooms as the school lists them, and classes as they are read of them. */
export function isCellar(room: object): boolean {
  const { name, title = name } = z.object({ name: z.string(), title: z.string() }).partial().parse(room);
  return title === 'Cellar';
}

/** The same, and each room has a second list: of its guests. */
export const chairs = defineEntity({
  entityType: 'enrollment',
  within: 'class',
  lists: () => ['seats', 'guests'],
  collection: (_connection, room, list = '') => ({
    path: `/rooms/${encodeURIComponent(room)}/${list}`,
    member: list,
    implied: { role: list === 'guests' ? 'aide' : 'student' },
  }),
  wire: seats.wire.extend({ role: z.enum(['aide', 'student']) }),
  idOf,
  read: ({ id, room, user, role }) => [
    {
      id: `${role}:${id}`,
      value: { status: 'active', role, classSourcedId: room, userSourcedId: user },
    },
  ],
});

export function seatsOf({ id: room, members: ids }: Pick<Room, 'id' | 'members'>): readonly JsonObject[] {
  return ids.map((user) => ({ id: `${room}:${user}`, room, user }));
}

export function createRooms(): Room[] {
  return ['r1', 'r2', 'r3'].map((id, index) => ({
    id,
    name: `Room ${index + 1}`,
    members: [`u${index + 1}`, `u${index + 2}`],
  }));
}
