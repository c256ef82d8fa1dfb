import { expect, test } from 'vitest';
import type { EntityValue } from '../model/entity-types.ts';
import { demand } from './demand.ts';
import { optional, Text } from './lenient.ts';
import { at } from './record-shape.ts';
import { recordWrite, withElement } from './record-write.ts';

const org: EntityValue<'org'> = { status: 'active', name: 'Elm', type: 'school' };
const record = { id: '7', value: org, idempotencyKey: 'k', changed: ['name'] as const };
const write = recordWrite<'org', { readonly by: string }>(
  {
    refusal: ({ type }) => (type === 'state' ? 'States are not ours' : undefined),
    table: { name: at('title', Text), identifier: at('code', optional(Text)) },
    written: ['name', 'identifier'],
    besides: (_, own) => ({ before: own.title }),
    created: (_, { by }) => ({ by }),
    removed: () => ({ closed: true }),
  },
  {
    post: (json) => ({ method: 'POST', path: '/orgs', json }),
    put: (id, json) => ({ method: 'PUT', path: `/orgs/${id}`, json }),
    ownOf: ({ etag: _etag, ...own }) => own,
  },
);

test('a new record has what every new one has, and what is absent is not sent', () => {
  expect(write.create?.(record, { by: 'us' })).toMatchObject({ json: { title: 'Elm', by: 'us' } });
  expect(Object.keys((write.create?.(record, { by: 'us' })?.json ?? {}) as object)).not.toContain('code');
});

test("a change is the vendor's own record with what we map, and so is what is written in place of a deletion", () => {
  const latest = { title: 'Ash', code: 'A', kept: [1], etag: 'e' };
  expect(write.update?.({ ...record, latest }, { by: 'us' })).toEqual({
    method: 'PUT',
    path: '/orgs/7',
    json: { title: 'Elm', kept: [1], before: 'Ash' },
  });
  expect(write.remove?.({ ...record, latest }, { by: 'us' })?.json).toEqual({
    title: 'Ash',
    code: 'A',
    kept: [1],
    closed: true,
  });
});

test('what is not written at all is refused, whatever is to become of it', () => {
  const state = { ...record, value: { ...org, type: 'state' as const } };
  for (const each of [write.create, write.update, write.remove])
    expect(() => each?.(state, { by: 'us' })).toThrow('States are not ours');
});

test('an element is written in place of the one that was read, else at the end, or is not there any more', () => {
  const list = [{ n: 1, own: true }, { n: 2 }];
  const write = (n: number, written?: object) =>
    withElement<{ readonly n: number }>(
      list,
      (elements) => elements.find((each) => each.n === n),
      (known) => (written === undefined ? undefined : { ...known, ...written }),
    );
  expect(write(1, { n: 3 })).toEqual([{ n: 3, own: true }, { n: 2 }]);
  expect(write(9, { n: 3 })).toEqual([...list, { n: 3 }]);
  expect(write(2)).toEqual([list[0]]);
  expect(write(9)).toEqual(list);
  const none = () => undefined;
  expect(withElement(undefined, none, none)).toBeUndefined();
  expect(withElement(undefined, none, () => ({ n: 1 }))).toEqual([{ n: 1 }]);
});

test('what a vendor demands and nobody knows is named', () => {
  expect(demand('x', 'a level')).toBe('x');
  expect(() => demand(undefined, 'a level')).toThrow(
    expect.objectContaining({ code: 'push_rejected', data: { missing: 'a level' } }),
  );
});
