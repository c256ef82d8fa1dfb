import { describe, expect, test } from 'vitest';
import { textAt, valueAt } from '../json/value-at.ts';
import type { DeltaList } from './feed.ts';
import { changedIn, deletedIn, deltaLists } from './feed-lists.ts';

const window = { from: '1', to: '2' };
const org = {
  entityType: 'org',
  collection: (_connection: unknown, list: string) => ({ path: `/${list || 'orgs'}` }),
} as const;

/** The paths of the lists that a feed is told. */
function pathsTold(entity: Parameters<typeof deltaLists>[1]): readonly string[] | undefined {
  const since = (_: unknown, __: unknown, ___: unknown, lists: readonly DeltaList['collection'][]) =>
    lists.map(changedIn);
  return deltaLists({ feed: { since } }, entity, window, {})?.map(({ collection }) => collection.path);
}

describe('lists of what changed', () => {
  test("are made of the entity's own, which are none where another one's records have them", () => {
    expect(pathsTold(org)).toEqual(['/orgs']);
    expect(pathsTold({ ...org, lists: () => ['schools', 'districts'] })).toEqual(['/schools', '/districts']);
    expect(pathsTold({ ...org, within: 'class' })).toEqual([]);
  });

  test('are not there without a feed that tells', () => {
    expect(deltaLists({}, org, window, {})).toBeUndefined();
    expect(deltaLists({ feed: {} }, org, window, {})).toBeUndefined();
  });

  test('say of each record that it reads so now', () => {
    expect(changedIn({ path: '/orgs' }).says({ id: 'a' })).toEqual([{ changed: { id: 'a' } }]);
  });

  test('say of each deletion which record is gone, unless it was never ours, and refuse one that does not', () => {
    const idOf = textAt('/id');
    const { says } = deletedIn({ path: '/gone' }, idOf, (record) => valueAt(record, '/of') !== 'others');
    expect([{ id: 'a' }, { id: 'b', of: 'others' }, { of: 'others' }].map(says)).toEqual([
      [{ deleted: 'a' }],
      [],
      [{ changed: { of: 'others' } }],
    ]);
  });
});
