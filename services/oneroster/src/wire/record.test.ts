import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { envelope, enveloped, readEnveloped, sourcedIdOf } from './envelope.ts';
import { Text } from './lenient.ts';

const Enveloped = z.object(envelope);
const readHomework = readEnveloped<'category', z.output<typeof Enveloped>>(() => ({ title: 'Homework' }));

function read(record: object) {
  return readHomework(enveloped(Enveloped).parse(record));
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

describe('an object that is marked tobedeleted', () => {
  const wire = enveloped(z.object({ ...envelope, title: Text }));

  test.each([
    ['has nothing else', { sourcedId: 'c-1', status: 'tobedeleted' }],
    ['has its members cleared', { sourcedId: 'c-1', status: ' ToBeDeleted ', title: null, weight: '' }],
    ['is whole', { sourcedId: 'c-1', status: 'tobedeleted', title: 'Homework' }],
  ])('is deleted where it %s', (_, record) => {
    expect(readHomework(wire.parse(record))).toEqual([{ id: 'c-1', deleted: true }]);
  });

  test.each([
    ['id', { status: 'tobedeleted' }, 'sourcedId'],
    ['envelope', { sourcedId: 'c-1', status: 'tobedeleted', dateLastModified: 'x' }, 'dateLastModified'],
  ])('still needs its %s', (_, record, member) => {
    expect(wire.safeParse(record).error?.issues).toMatchObject([{ path: [member] }]);
  });

  test('is told from one that is not, whose members must all be sound, each named with what is wrong', () => {
    expect(wire.safeParse({ sourcedId: 'c-1', status: 'active', metadata: 7 }).error?.issues).toEqual(
      z.object({ ...envelope, title: Text }).safeParse({ sourcedId: 'c-1', status: 'active', metadata: 7 })
        .error?.issues,
    );
    expect(wire.safeParse({ sourcedId: 'c-1', status: 'active' }).error?.issues).toMatchObject([
      { path: ['title'] },
    ]);
    expect([null, 'tobedeleted', []].map((value) => wire.safeParse(value).success)).toEqual([
      false,
      false,
      false,
    ]);
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
