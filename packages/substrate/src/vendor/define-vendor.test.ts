import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type EntityType, entityTypeNames } from '../model/entity-types.ts';
import { defineApi } from './define-api.ts';
import { type Collection, defineEntity } from './define-entity.ts';
import { contexts, defineVendor, entityTypesOf, type QueueProfile, vendorQueues } from './define-vendor.ts';

const queue: QueueProfile = {
  rate: { maxDispatchesPerSecond: 5, maxConcurrentDispatches: 2 },
  retry: { maxAttempts: 3, minBackoffMs: 10, maxBackoffMs: 50, maxDoublings: 1 },
  dispatchDeadlineMs: 60_000,
};

const api = defineApi({
  credential: z.strictObject({ token: z.string() }),
  connection: z.strictObject({ baseUrl: z.url(), district: z.string() }),
  authorize: ({ token }) => ({ kind: 'bearer', token }),
  paging: { kind: 'single' },
  limits: { requests: 1, perSeconds: 1, concurrent: 1 },
  check: ({ district }) => ({ path: `/${district}`, member: 'district' }),
});

const collection = ({ district }: { readonly district: string }): Collection => ({
  path: `/${district}`,
  member: 'records',
});

function entity(entityType: EntityType) {
  const wire = z.object({ id: z.string() });
  return defineEntity({ entityType, collection, wire, idOf: () => undefined, read: () => [] });
}

const draft = {
  id: 'paper-school',
  title: 'Paper School',
  docs: 'https://example.com/docs',
  runtime: { memory: '256MiB', cpu: 1, timeoutSeconds: 60, concurrency: 1 },
  queues: { nightly: queue, realtime: queue, manual: queue },
  api,
  entities: [],
} as const;

/** What is wrong on purpose has types that are wrong too, so changes are of any. */
function define(changes: object = {}) {
  return defineVendor({ ...draft, ...changes });
}

function entities(...names: EntityType[]) {
  return { entities: names.map(entity) };
}

describe('a vendor', () => {
  test.each([
    'Paper',
    'paper_school',
    'paper school',
    '-paper',
    'paper-',
    'paper--school',
    '1roster',
    '',
    'p/s',
  ])('cannot have the id %j: it is the name of a folder, of queues and of a key', (id) => {
    expect(() => define({ id })).toThrow(
      expect.objectContaining({
        code: 'config_invalid',
        data: { vendor: id, rule: 'id must be kebab-case', found: id },
      }),
    );
  });

  test.each(['paper', 'paper-school', 'p', 'one1-2roster'])('can have the id %j', (id) => {
    expect(define({ id }).id).toBe(id);
  });

  test.each([
    { requests: 0, perSeconds: 1, concurrent: 1 },
    { requests: 1, perSeconds: 0, concurrent: 1 },
    { requests: 1, perSeconds: 1, concurrent: 0 },
    { requests: -5, perSeconds: 1, concurrent: 1 },
    { requests: Number.NaN, perSeconds: 1, concurrent: 1 },
  ])('cannot allow %j, under which no request would ever go out', (limits) => {
    expect(() => define({ api: { ...api, limits } })).toThrow(
      expect.objectContaining({
        code: 'config_invalid',
        data: { vendor: 'paper-school', rule: 'api.limits must be positive', found: limits },
      }),
    );
  });

  test('cannot list an entity type twice', () => {
    expect(() => define(entities('org', 'user', 'org'))).toThrow(
      expect.objectContaining({
        data: { vendor: 'paper-school', rule: 'entities must list an entity type once', found: 'org' },
      }),
    );
  });

  test.each<[EntityType[], string, EntityType]>([
    [['user', 'org'], 'entities must list org before', 'user'],
    [['org', 'enrollment', 'class'], 'entities must list class before', 'enrollment'],
    [['org', 'class', 'result', 'lineItem'], 'entities must list lineItem before', 'result'],
  ])('cannot list %j: a record may refer only to what came before it', (names, rule, found) => {
    expect(() => define(entities(...names))).toThrow(
      expect.objectContaining({ code: 'config_invalid', data: { vendor: 'paper-school', rule, found } }),
    );
  });

  test.each<[string, EntityType[]]>([
    ['nothing yet', []],
    ['everything in the order of the model', [...entityTypeNames]],
    ['only some, without what they refer to', ['enrollment', 'result']],
    [
      'in another order that is as good',
      ['org', 'user', 'demographics', 'academicSession', 'course', 'class'],
    ],
  ])('can list %s', (_name, names) => {
    expect(entityTypesOf(define(entities(...names)))).toEqual(names);
  });

  test.each<[string, string, object]>([
    ['has no list', 'a join has a collection of its own or stands in the list of another', {}],
    [
      'has two lists',
      'a join has a collection of its own or stands in the list of another',
      { collection, from: 'org' },
    ],
    [
      'is read before its list is',
      'entities must list course before, in whose list the join stands',
      { from: 'course' },
    ],
    [
      'says what is written',
      'a member that a join says cannot be written back',
      { collection, members: ['email'] },
    ],
  ])('cannot have a join that %s', (_why, rule, join) => {
    const write = { members: ['email', 'phone'], update: () => ({ method: 'PUT', path: '/' }) };
    const draft = { members: ['sms'], wire: z.undefined(), idOf: () => undefined, add: () => ({}), ...join };
    const user = { ...entity('user'), one: collection, write, joins: { more: draft } };
    expect(() => define({ entities: [entity('org'), user] })).toThrow(
      expect.objectContaining({
        code: 'config_invalid',
        data: {
          vendor: 'paper-school',
          rule,
          found: expect.objectContaining({ entityType: 'user', join: 'more' }),
        },
      }),
    );
  });

  test('can have a join from the list of an entity type above, under a name that a key can have', () => {
    const join = {
      from: 'org',
      members: ['sms'],
      wire: z.undefined(),
      idOf: () => undefined,
      add: () => ({}),
    };
    const named = (name: string) =>
      define({ entities: [entity('org'), { ...entity('user'), joins: { [name]: join } }] });
    expect(named('more').entities).toHaveLength(2);
    expect(() => named('more@once')).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });

  test('cannot be changed once it is defined', () => {
    const vendor = define();
    expect(() => Object.assign(vendor, { id: 'other' })).toThrow(TypeError);
    expect(() => Object.assign(vendor.api, { limits: {} })).toThrow(TypeError);
    expect(() => Object.assign(entity('org'), { entityType: 'user' })).toThrow(TypeError);
  });
});

test('a family has the entity types of its own, in the order in which the vendor lists them', () => {
  const vendor = define(entities('org', 'class', 'category', 'user', 'lineItem', 'result'));
  expect(entityTypesOf(vendor, 'rosters')).toEqual(['org', 'class', 'user']);
  expect(entityTypesOf(vendor, 'grades')).toEqual(['category', 'lineItem', 'result']);
  expect(entityTypesOf(define(entities('org')), 'grades')).toEqual([]);
});

test('a vendor has one queue a context, named after both, with the settings of that context', () => {
  const slow = { ...queue, dispatchDeadlineMs: 1_800_000 };
  const queues = vendorQueues(define({ queues: { nightly: slow, realtime: queue, manual: queue } }));
  expect(contexts).toEqual(['nightly', 'realtime', 'manual']);
  expect(queues).toEqual([
    { ...slow, name: 'paper-school-nightly' },
    { ...queue, name: 'paper-school-realtime' },
    { ...queue, name: 'paper-school-manual' },
  ]);
});
