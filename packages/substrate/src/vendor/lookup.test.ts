import { expect, test } from 'vitest';
import { z } from 'zod';
import type { EntityValue } from '../model/entity-types.ts';
import { Id, listOfOne, Text } from './lenient.ts';
import { lookup } from './lookup.ts';
import { readFrom } from './read-from.ts';

const join = lookup('course', {
  collection: () => ({ path: '/subjects' }),
  id: Id.transform((id) => id.toLowerCase()),
  refersTo: ({ metadata }) => metadata?.subject,
  members: ['subjects'],
  says: z.object({ title: listOfOne(Text) }).transform(({ title: subjects }) => ({ subjects })),
});
const course: EntityValue<'course'> = { status: 'active', title: 'Bio', metadata: { subject: 'AB' } };

test('what a record of a list says is said of those that refer to it, in whatever spelling of its id', () => {
  const said = join.wire.parse({ id: 'Ab', title: 'Biology', more: 1 });
  expect(said).toEqual({ key: 'ab', id: 'ab', says: { subjects: ['Biology'] } });
  expect(join.keyOf?.('1', course)).toBe('ab');
  expect(join.add(course, [{ subjects: ['Biology'] }])).toEqual({ ...course, subjects: ['Biology'] });
});

test('one that cannot be read is known by its id all the same, and who refers to none is as it is', () => {
  expect(join.wire.parse({ id: 'x' })).toEqual({ key: 'x', id: 'x', says: {} });
  expect(join.wire.safeParse({ id: 'x', title: {} }).error?.issues).toHaveLength(1);
  expect(join.wire.safeParse({ title: {} }).error?.issues).toHaveLength(2);
  expect(join.idOf({ id: 'X', title: {} })).toBe('x');
  expect(join.keyOf?.('1', { status: 'active', title: 'Bio' })).toBeUndefined();
});

test('a record is below its list, asked for as that is, without what cuts or filters it', () => {
  const { collection, one } = readFrom((connection: { readonly version: string }) => ({
    path: '/orgs',
    accept: connection.version,
    query: { limit: 5 },
    paging: { kind: 'single' as const },
  }));
  expect(collection({ version: 'v1' }).path).toBe('/orgs');
  expect(one('A/b', { version: 'v2' })).toEqual({ path: '/orgs/A%2Fb', accept: 'v2' });
});
