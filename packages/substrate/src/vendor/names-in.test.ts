import { describe, expect, test } from 'vitest';
import { Text } from './lenient.ts';
import { namesIn } from './names-in.ts';

describe('the names in a list', () => {
  const Names = namesIn('period.name');

  test('come in order, wherever they stand in its objects', () => {
    expect(Names.parse([{ period: { name: 'B' } }, { period: { name: 1 } }])).toEqual(['1', 'B']);
    expect(
      namesIn(
        'name',
        Text.transform((name) => name.toUpperCase()),
      ).parse([{ name: 'b' }, { name: 'a' }]),
    ).toEqual(['A', 'B']);
  });

  test('are absent where nothing is in it', () => {
    expect([null, undefined, []].map((list) => Names.parse(list))).toEqual([undefined, undefined, undefined]);
  });

  test('are all there, or the list is refused where one is not', () => {
    const { error } = Names.safeParse([{ period: { name: 'B' } }, { period: {} }]);
    expect(error?.issues.map(({ path }) => path)).toEqual([[1, 'period', 'name']]);
  });
});
