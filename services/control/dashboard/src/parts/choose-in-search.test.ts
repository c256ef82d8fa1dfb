import { expect, test } from 'vitest';
import { chooseInSearch } from './choose-in-search.ts';

test('another choice begins the list anew, and what is chosen no more is not said', () => {
  const before: { state?: string; context?: string; after?: string } = {
    state: 'failed',
    context: 'nightly',
    after: '50',
  };

  expect(chooseInSearch(before, { state: 'held', context: '' })).toEqual({ state: 'held' });
});
