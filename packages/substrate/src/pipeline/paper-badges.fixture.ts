import { z } from 'zod';
import { defineEntity } from '../vendor/define-entity.ts';
import { defineJoin } from '../vendor/join.ts';
import { present } from '../vendor/present.ts';
import { rooms } from './paper-rooms.fixture.ts';

/**
 * Paper School's badges, which say more of its users: somebody has none, one or several. And its schools, which say where a room is. A badge
 * that is off says nothing.
 */
export interface Badge {
  id: string;
  user: string;
  number: unknown;
  phone?: string;
  off?: boolean;
}

const idOf = (record: unknown) => z.object({ id: z.string() }).safeParse(record).data?.id;

export const badges = defineJoin('user', {
  collection: () => ({ path: '/badges', member: 'badges' }),
  wire: z
    .object({
      id: z.string(),
      user: z.string(),
      number: z.string(),
      phone: z.string().optional(),
      off: z.boolean().optional(),
    })
    .transform(({ id, user, number, phone, off }) =>
      off === true ? undefined : { key: user, id, says: present({ number, phone }) },
    ),
  idOf,
  members: ['identifier', 'phone'],
  add(value, said) {
    const phone = said.find((one) => one.phone !== undefined)?.phone;
    return { ...value, identifier: said.map(({ number }) => number).join('+'), ...present({ phone }) };
  },
});

/** Rooms, with the name of the school that they are in. */
export const placedRooms = defineEntity({
  ...rooms,
  joins: {
    places: defineJoin('class', {
      from: 'org',
      wire: z
        .object({ id: z.string(), name: z.string() })
        .transform(({ id, name }) => ({ key: id, id, says: { name } })),
      idOf,
      keyOf: (_id, room) => room.schoolSourcedId,
      members: ['location'],
      add: (room, said) => ({ ...room, location: said.map(({ name }) => name).join(', ') }),
    }),
  },
});
