import { expect, test } from 'vitest';
import { inherited } from './inherited.ts';
import { Id, optional } from './lenient.ts';
import { at } from './record-shape.ts';

const join = inherited('class', {
  from: 'course',
  by: 'courseSourcedId',
  members: {
    schoolSourcedId: at('account_id', optional(Id)),
    termSourcedIds: at(
      'term_id',
      optional(Id).transform((id) => (id === undefined ? [] : [id])),
    ),
  },
});

test('what a record refers to says some of its members, which its own do not stand against', () => {
  const course = join.wire.parse({ id: 7, account_id: '2', term_id: 3, name: 'Chess' });
  expect(course).toEqual({ key: '7', id: '7', says: { schoolSourcedId: '2', termSourcedIds: ['3'] } });
  const section = { status: 'active', title: 'Chess A', courseSourcedId: '7', termSourcedIds: [] } as const;
  expect(join.keyOf?.('7.1', { ...section, termSourcedIds: [] })).toBe('7');
  expect(join.add({ ...section, termSourcedIds: [] }, [course?.says ?? {}])).toEqual({
    ...section,
    schoolSourcedId: '2',
    termSourcedIds: ['3'],
  });
  expect(join.members).toEqual(['schoolSourcedId', 'termSourcedIds']);
});

test('what is not said is left as it is; who refers to nothing inherits nothing, and what cannot be read is known by its id', () => {
  expect(join.wire.parse({ id: '7' })?.says).toEqual({ termSourcedIds: [] });
  expect(join.keyOf?.('1', { status: 'active', title: 'Chess', termSourcedIds: [] })).toBeUndefined();
  const broken = { id: '7', account_id: {} };
  expect(join.wire.safeParse(broken).error?.issues[0]?.path).toEqual(['account_id']);
  expect(join.idOf(broken)).toBe('7');
});
