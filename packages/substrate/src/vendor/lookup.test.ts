import { expect, test } from 'vitest';
import { z } from 'zod';
import type { EntityValue } from '../model/entity-types.ts';
import { Id, optional, Text } from './lenient.ts';
import { lookup } from './lookup.ts';

const join = lookup('course', {
  collection: () => ({ path: '/subjects' }),
  id: Id.transform((id) => id.toLowerCase()),
  says: z
    .object({ title: optional(Text), old: z.boolean().optional() })
    .transform(({ title, old }) => (title === undefined || old === true ? undefined : { title })),
  refersTo: ({ metadata }) => metadata?.subject,
  members: ['subjects'],
  add: (course, { title }) => ({ ...course, subjects: [title] }),
});
const course: EntityValue<'course'> = { status: 'active', title: 'Bio', metadata: { subject: 'AB' } };

test('what a record of a list says is said of those that refer to it, in whatever spelling of its id', () => {
  const said = join.wire.parse({ id: 'Ab', title: 'Biology', more: 1 });
  expect(said).toEqual({ key: 'ab', id: 'ab', says: { title: 'Biology' } });
  expect(join.keyOf?.('1', course)).toBe('ab');
  expect(join.add(course, [{ title: 'Biology' }])).toEqual({ ...course, subjects: ['Biology'] });
});

test('one that says nothing, or cannot be read, is known by its id all the same; who refers to none is as it is', () => {
  expect(join.wire.parse({ id: 'x', title: 'Old', old: true })).toBeUndefined();
  expect(join.wire.safeParse({ id: 'x', title: {} }).error?.issues).toHaveLength(1);
  expect(join.idOf({ id: 'X', title: {} })).toBe('x');
  expect(join.keyOf?.('1', { status: 'active', title: 'Bio' })).toBeUndefined();
});
