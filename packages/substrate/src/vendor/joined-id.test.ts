import { expect, test } from 'vitest';
import { joined, joinedIdIn, joinedTo, joinIds, splitId } from './joined-id.ts';
import { Text } from './lenient.ts';
import { recordShape } from './record-shape.ts';
import { toWirePatch } from './to-wire-patch.ts';

const work = recordShape({ id: joined('courseId', 'id') })('category', { title: Text });

test('an id is the path to the record, whatever kind its parts are of', () => {
  const reading = work.wire.parse({ courseId: 7, id: 'w', title: 'Essay' });
  expect(reading).toMatchObject({ id: '7.w' });
  expect(splitId('7.w')).toEqual(['7', 'w']);
  expect(joinIds(...splitId('7.w'))).toBe('7.w');
});

test('it is made out of a record that does not read, and of none without one of the parts', () => {
  expect(work.idOf({ courseId: 7, id: 'w' })).toBe('7.w');
  expect(work.idOf({ id: 'w', title: 'Essay' })).toBeUndefined();
  expect(joinedIdIn('courseId', 'id')({ courseId: '7', id: 'w' })).toBe('7.w');
  expect(joinedIdIn('courseId', 'id')(null)).toBeUndefined();
});

test('what a record refers to beside itself is on the same path, and is written without it', () => {
  const group = joinedTo('courseId', 'groupId');
  expect(group.schema.parse({ courseId: 7, groupId: 'g' })).toBe('7.g');
  expect(group.schema.parse({ courseId: 7, groupId: null })).toBeUndefined();
  expect(group.schema.safeParse({ groupId: 'g' }).success).toBe(false);
  const patch = (value: { group?: string }) => toWirePatch({ group }, { value, changed: ['group'] });
  expect([patch({ group: '7.g' }), patch({})]).toEqual([{ groupId: 'g' }, { groupId: null }]);
});
