import { z } from 'zod';
import type { JsonObject } from '../json/json-value.ts';
import { defineApi } from '../vendor/define-api.ts';
import { defineEntity } from '../vendor/define-entity.ts';
import { defineVendor, type QueueProfile } from '../vendor/define-vendor.ts';
import { defineJoin } from '../vendor/join.ts';
import { present } from '../vendor/present.ts';
import { simulate } from './simulate.ts';
import type { RecordEdit } from './simulator/record-edit.ts';
import type { EditableSimulator, Seat } from './vendor-stage.ts';

/*
 * A vendor as unlike OneRoster as the kit can tell so far, to try the kit itself: a token that does not expire, opaque next links, all
 * lists in a member of one name, no totals, nothing marked as deleted; what it says of its people stands in several lists.
 */

const queue: QueueProfile = {
  rate: { maxDispatchesPerSecond: 10, maxConcurrentDispatches: 10 },
  retry: { maxAttempts: 3, minBackoffMs: 10, maxBackoffMs: 50, maxDoublings: 1 },
  dispatchDeadlineMs: 60_000,
};

const idOf = (record: unknown) => z.object({ id: z.string().min(1) }).safeParse(record).data?.id;

export const ledgerSchool = defineVendor({
  id: 'ledger-school',
  title: 'Ledger School',
  docs: 'https://example.com/docs',
  runtime: { memory: '256MiB', cpu: 1, timeoutSeconds: 60, concurrency: 1 },
  queues: { nightly: queue, realtime: queue, manual: queue },
  api: defineApi({
    credential: z.strictObject({ token: z.string() }),
    connection: z.strictObject({ baseUrl: z.url() }),
    authorize: ({ token }) => ({ kind: 'bearer', token }),
    paging: { kind: 'link' },
    limits: { requests: 5, perSeconds: 1, concurrent: 2 },
    check: () => ({ path: '/places', member: 'data' }),
  }),
  entities: [
    defineEntity({
      entityType: 'org',
      collection: () => ({ path: '/places', member: 'data' }),
      wire: z.object({ id: z.string(), name: z.string() }),
      idOf,
      read: ({ id, name }) => [{ id, value: { status: 'active', name, type: 'school' } }],
    }),
    defineEntity({
      entityType: 'user',
      collection: () => ({ path: '/people', member: 'data' }),
      wire: z.object({ id: z.string(), first: z.string(), last: z.string(), place: z.string() }),
      idOf,
      read: ({ id, first, last, place }) => [
        {
          id,
          value: {
            status: 'active',
            enabledUser: true,
            givenName: first,
            familyName: last,
            roles: [{ roleType: 'primary', role: 'student', orgSourcedId: place }],
            primaryOrgSourcedId: place,
          },
        },
      ],
      joins: {
        desks: defineJoin('user', {
          collection: () => ({ path: '/desks', member: 'data' }),
          wire: z
            .object({ id: z.string(), whose: z.string(), number: z.string() })
            .transform(({ id, whose, number }) => ({ key: whose, id, says: { number } })),
          idOf,
          members: ['identifier'],
          add: (user, said) => ({ ...user, identifier: said.map(({ number }) => number).join(' ') }),
        }),
        places: defineJoin('user', {
          from: 'org',
          wire: z
            .object({ id: z.string(), telephone: z.string() })
            .transform(({ id, telephone }) => ({ key: id, id, says: { telephone } })),
          idOf,
          keyOf: (_id, user) => user.primaryOrgSourcedId,
          members: ['phone'],
          add: (user, said) => ({ ...user, ...present({ phone: said[0]?.telephone }) }),
        }),
      },
    }),
  ],
});

export const ledgerToken = 'ledger-canary-0123456789';

export function createLedgerSchool({ clock, pageSize }: Seat): EditableSimulator {
  const data: Record<string, JsonObject[]> = {
    places: [{ id: 'p1', name: 'Oak', telephone: '0123' }],
    people: Array.from({ length: 18 }, (_, n) => ({
      id: `u${n}`,
      first: `Given ${n}`,
      last: 'Oakley',
      place: 'p1',
    })),
    desks: Array.from({ length: 8 }, (_, n) => ({ id: `d${n}`, whose: `u${n - (n % 2)}`, number: `${n}` })),
  };
  // The link is opaque to the client; here it holds the position.
  const positionOf = (query: URLSearchParams) => Number(query.get('from') ?? 0);
  const list = (name: string) => (request: { readonly query: URLSearchParams; readonly path: string }) => {
    const from = positionOf(request.query);
    const all = data[name] ?? [];
    const next = from + pageSize;
    return {
      status: 200,
      ...(next < all.length ? { headers: { Link: `<${request.path}?from=${next}>; rel="next"` } } : {}),
      page: {
        records: all.slice(from, next),
        wrap: (kept: readonly unknown[]) => ({ data: kept }) as JsonObject,
      },
    };
  };
  const simulator = simulate({
    clock,
    routes: { 'GET /places': list('places'), 'GET /people': list('people'), 'GET /desks': list('desks') },
    authenticate: ({ headers }) =>
      headers.authorization === `Bearer ${ledgerToken}`
        ? undefined
        : { status: 401, json: { error: 'unknown token' } },
    problem: ({ status, description }) => ({ status, json: { error: description } }),
    pageOf: ({ query }) => Math.floor(positionOf(query) / pageSize) + 1,
  });
  return Object.assign(simulator, {
    edit(edits: readonly RecordEdit[]) {
      for (const { collection, op, id, record } of edits) {
        const records = data[collection] ?? [];
        const at = records.findIndex((each) => each.id === id);
        const replacement = op === 'put' && record !== undefined ? [record] : [];
        records.splice(at === -1 ? records.length : at, at === -1 ? 0 : 1, ...replacement);
      }
    },
  });
}
