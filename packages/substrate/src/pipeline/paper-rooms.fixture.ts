import { z } from 'zod';
import { defineEntity } from '../vendor/define-entity.ts';

/**
 * Paper School's rooms, and who sits in them, as vendors show such things: the members stand in the room's own record. Rooms are classes,
 * members their enrollments.
 */
export interface Room {
  id: string;
  name: string;
  members: readonly string[];
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

export function createRooms(): Room[] {
  return ['r1', 'r2', 'r3'].map((id, index) => ({
    id,
    name: `Room ${index + 1}`,
    members: [`u${index + 1}`, `u${index + 2}`],
  }));
}
