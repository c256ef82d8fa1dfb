import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { envelope, readEnveloped, sourcedIdOf } from './envelope.ts';

const Enveloped = z.object(envelope);

function read(record: object) {
  return readEnveloped<'category'>(Enveloped.parse(record), { title: 'Homework' });
}

describe('the members that every OneRoster object has', () => {
  test('become those of the canonical record', () => {
    const metadata = { 'sis.room': 7, nested: { deep: [true, null] } };
    expect(
      read({ sourcedId: 'c-1', status: 'active', dateLastModified: '2025-08-14T02:11:09.000Z', metadata }),
    ).toEqual([
      {
        id: 'c-1',
        value: {
          status: 'active',
          title: 'Homework',
          dateLastModified: '2025-08-14T02:11:09.000Z',
          metadata,
        },
      },
    ]);
  });

  test.each([
    ['active', 'active'],
    ['Active', 'active'],
    ['inactive', 'inactive'],
    ['', 'active'],
    [' ', 'active'],
    [null, 'active'],
    [undefined, 'active'],
    ['ext:archived', 'active'],
  ])('the status %j reads as %s', (status, expected) => {
    expect(read({ sourcedId: 'c-1', status })).toEqual([
      { id: 'c-1', value: { status: expected, title: 'Homework' } },
    ]);
  });

  test.each(['tobedeleted', 'toBeDeleted', 'TOBEDELETED'])('the status %s reads as deleted', (status) => {
    expect(read({ sourcedId: 'c-1', status })).toEqual([{ id: 'c-1', deleted: true }]);
  });

  test('a status that is no word of the standard is refused, with what was found', () => {
    const { error } = Enveloped.safeParse({ sourcedId: 'c-1', status: 'gone' });
    expect(error?.issues).toMatchObject([
      { path: ['status'], message: '"gone" is not one of active, inactive, tobedeleted or ext:...' },
    ]);
  });

  test.each([null, undefined, '', [], {}])('the metadata %j holds nothing', (metadata) => {
    const [reading] = read({ sourcedId: 'c-1', metadata });
    expect(reading).toMatchObject({ value: { status: 'active' } });
    expect(Object.keys((reading as { value: { metadata?: object } }).value.metadata ?? {})).toEqual([]);
  });
});

describe('the id of a record that could not be read', () => {
  test.each([
    [{ sourcedId: 'u-1', givenName: 7 }, 'u-1'],
    [{ sourcedId: ' u-1 ' }, 'u-1'],
    [{ sourcedId: '' }, undefined],
    [{ sourcedId: 'x'.repeat(256) }, undefined],
    [{ sourcedId: 7 }, '7'],
    [{ sourcedId: true }, undefined],
    [{}, undefined],
    [null, undefined],
    ['u-1', undefined],
  ])('of %j is %j', (record, expected) => {
    expect(sourcedIdOf(record)).toBe(expected);
  });
});
