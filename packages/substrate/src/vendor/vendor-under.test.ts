import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineApi } from './define-api.ts';
import { defineEntity, type EntityWrite } from './define-entity.ts';
import { defineVendor } from './define-vendor.ts';
import { vendorUnder } from './vendor-under.ts';

const queue = {
  rate: { maxDispatchesPerSecond: 5, maxConcurrentDispatches: 2 },
  retry: { maxAttempts: 3, minBackoffMs: 10, maxBackoffMs: 50, maxDoublings: 1 },
  dispatchDeadlineMs: 60_000,
};

interface Connection {
  readonly baseUrl: string;
  readonly isOld?: boolean | undefined;
}

const path = '/categories';
const assignment = {
  idIn: () => 'theirs',
  where: () => ({ path, member: 'categories' }),
};
const remove = () => ({ method: 'DELETE', path }) as const;

function define(write: EntityWrite<'category', Connection>) {
  return defineVendor({
    id: 'paper-school',
    title: 'Paper School',
    docs: 'https://example.com/docs',
    runtime: { memory: '256MiB', cpu: 1, timeoutSeconds: 60, concurrency: 1 },
    queues: { nightly: queue, realtime: queue, manual: queue },
    api: defineApi({
      credential: z.strictObject({}),
      connection: z.strictObject({ baseUrl: z.url(), isOld: z.boolean().optional() }),
      authorize: () => ({ kind: 'none' }),
      paging: { kind: 'single' },
      limits: { requests: 1, perSeconds: 1, concurrent: 1 },
      check: () => ({ path, member: 'categories' }),
    }),
    entities: [
      defineEntity({
        entityType: 'category',
        collection: () => ({ path, member: 'categories' }),
        one: () => ({ path, member: 'category' }),
        wire: z.object({ id: z.string() }),
        idOf: () => undefined,
        read: () => [],
        write,
      }),
    ],
  });
}

test('what a vendor takes is what it takes under the connection: an older one fewer members, and it gives no ids', () => {
  const vendor = define({
    members: ['title', 'weight'],
    remove,
    assignment,
    under: ({ isOld }: Connection) =>
      isOld === true ? { members: ['title'] } : { members: ['title', 'weight'], assignment },
  });
  const writeUnder = (isOld: boolean) =>
    vendorUnder(vendor, { baseUrl: 'https://x.example', isOld }).entities[0]?.write;

  expect(writeUnder(true)).toEqual({ members: ['title'], remove });
  expect(writeUnder(false)).toEqual({ members: ['title', 'weight'], remove, assignment });
  expect(vendor.entities[0]?.write?.members).toEqual(['title', 'weight']);
});

test('a vendor whose writing depends on nothing stays as it is', () => {
  const vendor = define({ members: ['title'], remove });
  expect(vendorUnder(vendor, { baseUrl: 'https://x.example' })).toEqual(vendor);
});
