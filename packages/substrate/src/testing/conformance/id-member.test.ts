import { expect, test } from 'vitest';
import { joinedIdIn } from '../../vendor/joined-id.ts';
import { withIdOf } from './id-member.ts';

test.each([
  ['a text', { course: 'c', id: 'w' }],
  ['a number', { course: 7, id: 12 }],
  ['a number as another member of the record is one', { level: 12, course: 2, id: 12 }],
])('the last part of a joined id that is %s is known', (_, record) => {
  expect(withIdOf({ idOf: joinedIdIn('course', 'id') }, record, 'x')).toEqual({ ...record, id: 'x' });
});

test('an id that is one member is known, be it a number', () => {
  const entity = { idOf: joinedIdIn('key') };
  expect(withIdOf(entity, { name: 'Oak', key: 7 }, '')).toEqual({ name: 'Oak', key: '' });
  expect(withIdOf(entity, { name: 'Oak' }, 'x')).toBeUndefined();
  expect(withIdOf({ idOf: () => 'fixed' }, { name: 'Oak', key: 7 }, 'x')).toBeUndefined();
});
