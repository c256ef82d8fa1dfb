import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { optional, Text } from './lenient.ts';
import { naturalResources } from './natural-resources.ts';
import { always, at } from './record-shape.ts';

interface Host {
  readonly hasHalls?: boolean;
  readonly ward?: string;
}

const { defineResource, defineSaid, to } = naturalResources(
  { wards: 'ward', rooms: 'ward{ward} room', halls: '=hall hall', doors: 'room{ward room} door' },
  {
    list: (_host: Host, resource, query) => ({ path: `/${resource}`, query }),
    none: { limit: '0' },
    common: { dateLastModified: at('touched', optional(Text)) },
    own: { id: 'no', etag: 'version', others: ['touched'] },
    read: (_name, text) => text.toLowerCase(),
  },
);

const rooms = { name: at('label', Text), type: always('school'), parentSourcedId: to('ward', 'wards') };
const query = ({ ward }: Host) => (ward === undefined ? {} : { ward });

const room = defineResource('org', { rooms }, { query });
const places = defineResource(
  'org',
  { rooms, halls: { name: at('hall', Text), type: always('district') } },
  { query, isThere: (resource, { hasHalls = true }) => hasHalls || resource !== 'halls' },
);

describe('an entity that stands in one resource', () => {
  test('reads its records by the table, under their keys and with what all records have', () => {
    const wire = { ward: { ward: 'A' }, room: '1', label: 'Lab', touched: 't' };
    expect(room.read(room.wire.parse(wire))).toEqual([
      {
        id: 'a/1',
        value: {
          status: 'active',
          name: 'Lab',
          type: 'school',
          parentSourcedId: 'a',
          dateLastModified: 't',
        },
      },
    ]);
  });

  test('has one list, in which one record is found by its key, and nothing by what is none', () => {
    const host = { ward: 'b' };
    expect(room.lists).toBeUndefined();
    expect(room.collection(host, '')).toEqual({ path: '/rooms', query: { ward: 'b' } });
    expect(room.one?.('a/1', {})).toEqual({ path: '/rooms', query: { ward: 'a', room: '1' } });
    expect(room.one?.('x', {})).toEqual({ path: '/rooms', query: { limit: '0' } });
  });

  test('is written under its key, and not at all where nothing says how', () => {
    const doors = defineResource(
      'category',
      { doors: { title: at('label', Text) } },
      {
        write: {
          members: ['title'],
          created: ({ id }) => ({ room: { ward: 'a', room: '1' }, door: id }),
          identity: ['title'],
        },
      },
    );
    const record = {
      id: 'north',
      value: { status: 'active' as const, title: 'North' },
      idempotencyKey: 'i',
      changed: [],
    };
    expect(doors.write?.create?.(record, {})).toMatchObject({
      method: 'POST',
      path: '/doors',
      json: { room: { ward: 'a', room: '1' }, door: 'north', label: 'North' },
    });
    expect(doors.write?.under?.({}).assignment?.where(record, {})).toEqual({
      path: '/doors',
      query: { ward: 'a', room: '1', door: 'north' },
    });
    expect(room.write).toBeUndefined();
  });
});

describe('an entity that stands in several', () => {
  test('has a list of each that the vendor has, and no record by its id', () => {
    expect(places.lists?.({})).toEqual(['rooms', 'halls']);
    expect(places.lists?.({ hasHalls: false })).toEqual(['rooms']);
    expect(places.collection({}, 'halls')).toEqual({ path: '/halls', query: {} });
    expect(places.one).toBeUndefined();
  });

  test('reads each record by the table of the resource whose key it has', () => {
    expect(places.read(places.wire.parse({ hall: 'Great' }))).toMatchObject([
      { id: 'hall/great', value: { name: 'Great', type: 'district' } },
    ]);
  });
});

describe('what a resource says of records of another', () => {
  test('is kept under the key of that one, by its own', () => {
    const said = defineSaid('org', 'doors', {
      of: to('room', 'rooms'),
      says: { isOpen: optional(z.boolean()) },
      query,
      members: ['metadata'],
      add: (value, doors) => ({ ...value, metadata: { open: doors.filter(({ isOpen }) => isOpen).length } }),
    });
    const door = { room: { ward: 'A', room: '1' }, door: 'N', isOpen: true };
    expect(said.collection?.({ ward: 'a' })).toEqual({ path: '/doors', query: { ward: 'a' } });
    expect(said.wire.parse(door)).toEqual({ key: 'a/1', id: 'a/1/n', says: { isOpen: true } });
    expect(said.idOf(door)).toBe('a/1/n');
    expect(said.idOf({ door: 'N' })).toBeUndefined();
  });

  test('may be known by the key of another resource', () => {
    const said = defineSaid('org', 'doors', {
      of: to('room', 'rooms'),
      known: 'wards',
      says: { isOpen: z.boolean() },
      members: [],
      add: (value) => value,
    });
    expect(said.idOf({ room: { ward: 'A', room: '1' }, door: 'N', ward: 'B' })).toBe('b');
  });
});
