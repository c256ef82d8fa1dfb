import { expect, test } from 'vitest';
import { Flag, Id, optional, Text } from './lenient.ts';
import { at } from './record-shape.ts';
import { saidShape } from './said-shape.ts';

const desk = saidShape(
  { id: Id, key: at('whose.id', Id) },
  { room: at('place|room', Text), isOld: at('old', optional(Flag)) },
);

test('a record of a join says what its table has, of whom its key names', () => {
  expect(desk.wire.parse({ id: 7, whose: { id: 'u1' }, room: 'A1', more: true })).toEqual({
    id: '7',
    key: 'u1',
    says: { room: 'A1' },
  });
});

test('what does not read is named, and the id is known all the same', () => {
  const broken = { id: 7, whose: {}, old: 'perhaps' };
  expect(desk.wire.safeParse(broken).error?.issues.map(({ path }) => path.join('.'))).toEqual([
    'whose.id',
    'old',
    'place',
  ]);
  expect(desk.idOf(broken)).toBe('7');
  expect(desk.idOf({ whose: { id: 'u1' } })).toBeUndefined();
});
