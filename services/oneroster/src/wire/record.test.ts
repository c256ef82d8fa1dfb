import { Text } from '@flotilla/substrate/lenient';
import { describe, expect, test } from 'vitest';
import { Reference, shape, word } from './record.ts';

const { wire, read: readingsOf, idOf } = shape('category', { title: Text });

function read(record: object) {
  return readingsOf(wire.parse({ title: 'Homework', ...record }));
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
    const { error } = wire.safeParse({ sourcedId: 'c-1', status: 'gone', title: 'Homework' });
    expect(error?.issues).toMatchObject([
      { path: ['status'], message: '"gone" is not one of active, inactive or ext:...' },
    ]);
  });

  test.each([null, undefined, '', [], {}])('the metadata %j holds nothing', (metadata) => {
    const [reading] = read({ sourcedId: 'c-1', metadata });
    expect(reading).toMatchObject({ value: { status: 'active' } });
    expect(Object.keys((reading as { value: { metadata?: object } }).value.metadata ?? {})).toEqual([]);
  });
});

describe('an object that is marked tobedeleted', () => {
  test.each([
    ['has nothing else', { sourcedId: 'c-1', status: 'tobedeleted' }],
    ['has its members cleared', { sourcedId: 'c-1', status: ' ToBeDeleted ', title: null, weight: '' }],
    ['is whole', { sourcedId: 'c-1', status: 'tobedeleted', title: 'Homework' }],
  ])('is deleted where it %s', (_, record) => {
    expect(readingsOf(wire.parse(record))).toEqual([{ id: 'c-1', deleted: true }]);
  });

  test('still needs its id', () => {
    expect(wire.safeParse({ status: 'tobedeleted' }).error?.issues).toContainEqual(
      expect.objectContaining({ path: ['sourcedId'] }),
    );
  });

  test('is told from one that is not, whose members must all be sound, each named with what is wrong', () => {
    const broken = wire.safeParse({ sourcedId: 'c-1', status: 'active', metadata: 7 });
    expect(broken.error?.issues.map(({ path }) => path)).toEqual([['metadata'], ['title']]);
    expect([null, 'tobedeleted', []].map((value) => wire.safeParse(value).success)).toEqual([
      false,
      false,
      false,
    ]);
  });
});

test('a reference is its id, whatever else it says', () => {
  expect(Reference.parse({ href: 'https://h/terms/t-1', sourcedId: ' t-1 ', type: 'term' })).toBe('t-1');
  expect(Reference.parse({ sourcedId: 7 })).toBe('7');
  for (const value of [{}, { sourcedId: '' }, { sourcedId: true }, 't-1', []])
    expect(Reference.safeParse(value).success, JSON.stringify(value)).toBe(false);
});

test('a vocabulary takes its words in any case, and words of a school’s own that are marked', () => {
  const Kind = word('homeroom', 'scheduled');
  expect(['Scheduled', ' homeroom ', 'ext:lab'].map((text) => Kind.parse(text))).toEqual([
    'scheduled',
    'homeroom',
    'ext:lab',
  ]);
  for (const text of ['lab', '', 'ext:', 'home room']) expect(Kind.safeParse(text).success, text).toBe(false);
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
    expect(idOf(record)).toBe(expected);
  });
});
