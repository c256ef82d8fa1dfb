import { isJsonObject, type JsonObject } from '@flotilla/substrate/json/json-value';
import { simulate } from '@flotilla/substrate/testing/simulate';
import type { EditableSimulator, Seat } from '@flotilla/substrate/testing/vendor-stage';
import { defineApi, defineEntity, defineVendor } from '@flotilla/substrate/vendor';
import { z } from 'zod';

/*
 * A vendor with which everything can be done that control offers: shelves (orgs) are only read, and only as a list; boxes (categories) are
 * shown one by one and written back, and get their ids from the vendor.
 */

const queue = {
  rate: { maxDispatchesPerSecond: 10, maxConcurrentDispatches: 10 },
  retry: { maxAttempts: 3, minBackoffMs: 10, maxBackoffMs: 50, maxDoublings: 1 },
  dispatchDeadlineMs: 60_000,
};

const idOf = (record: unknown) => z.object({ id: z.string() }).safeParse(record).data?.id;

export const shelfSchool = defineVendor({
  id: 'shelf-school',
  title: 'Shelf School',
  docs: 'https://example.com/docs',
  runtime: { memory: '256MiB', cpu: 1, timeoutSeconds: 60, concurrency: 1 },
  queues: { nightly: queue, realtime: queue, manual: queue },
  api: defineApi({
    credential: z.strictObject({ token: z.string() }),
    connection: z.strictObject({ baseUrl: z.url() }),
    authorize: ({ token }) => ({ kind: 'bearer', token }),
    paging: { kind: 'single' },
    limits: { requests: 1_000, perSeconds: 1, concurrent: 10 },
    check: () => ({ path: '/shelves', member: 'shelves' }),
  }),
  entities: [
    defineEntity({
      entityType: 'org',
      collection: () => ({ path: '/shelves', member: 'shelves' }),
      wire: z.object({ id: z.string(), name: z.string() }),
      idOf,
      read: ({ id, name }) => [{ id, value: { status: 'active', name, type: 'school' } }],
    }),
    defineEntity({
      entityType: 'category',
      collection: () => ({ path: '/boxes', member: 'boxes' }),
      one: (id) => ({ path: `/boxes/${encodeURIComponent(id)}`, member: 'box' }),
      wire: z.object({ id: z.string(), title: z.string(), weight: z.number().optional() }),
      idOf,
      read: ({ id, title, weight }) => [
        { id, value: { status: 'active', title, ...(weight === undefined ? {} : { weight }) } },
      ],
      write: {
        members: ['title', 'weight'],
        create: ({ value: { title, weight } }) => ({
          method: 'POST',
          path: '/boxes',
          json: box(title, weight),
        }),
        update: ({ id, value: { title, weight } }) => ({
          method: 'PUT',
          path: `/boxes/${encodeURIComponent(id)}`,
          json: box(title, weight),
        }),
        remove: ({ id }) => ({ method: 'DELETE', path: `/boxes/${encodeURIComponent(id)}` }),
        assignment: {
          idIn: (answer) => z.object({ id: z.string() }).safeParse(answer).data?.id,
          where: () => ({ path: '/boxes', member: 'boxes' }),
        },
      },
    }),
  ],
});

function box(title: string, weight: number | undefined) {
  return { title, ...(weight === undefined ? {} : { weight }) };
}

export const shelfToken = 'shelf-token-0123456789';

export interface ShelfSchool extends EditableSimulator {
  readonly boxes: Map<string, JsonObject>;
  readonly shelves: Map<string, JsonObject>;
  /** Titles that the vendor refuses, with 422. */
  readonly refused: Set<string>;
}

export function createShelfSchool({ clock }: Seat): ShelfSchool {
  const shelves = new Map<string, JsonObject>([['s1', { id: 's1', name: 'Oak' }]]);
  const boxes = new Map(
    ['b1', 'b2', 'b3'].map((id): [string, JsonObject] => [id, { id, title: `Box ${id}`, weight: 1 }]),
  );
  const refused = new Set<string>();
  let given = 0;
  const list = (member: string, records: ReadonlyMap<string, JsonObject>) => () => ({
    status: 200,
    page: {
      records: [...records.values()],
      wrap: (kept: readonly unknown[]) => ({ [member]: kept }) as JsonObject,
    },
  });
  const unknown = { status: 404, json: { error: 'no such box' } };
  function keep(id: string, body: string, status: number) {
    const sent: unknown = JSON.parse(body);
    if (!isJsonObject(sent) || typeof sent.title !== 'string' || refused.has(sent.title))
      return { status: 422, json: { error: 'that title will not do' } };
    boxes.set(id, { id, ...sent });
    return { status, json: { id } };
  }
  const simulator = simulate({
    clock,
    routes: {
      'GET /shelves': list('shelves', shelves),
      'GET /boxes': list('boxes', boxes),
      'GET /boxes/:id': ({ params }) => {
        const found = boxes.get(params.id ?? '');
        return found === undefined ? unknown : { status: 200, json: { box: found } };
      },
      'POST /boxes': ({ body }) => keep(`v${++given}`, body, 201),
      'PUT /boxes/:id': ({ params, body }) =>
        boxes.has(params.id ?? '') ? keep(params.id ?? '', body, 200) : unknown,
      'DELETE /boxes/:id': ({ params }) => (boxes.delete(params.id ?? '') ? { status: 204 } : unknown),
    },
    authenticate: ({ headers }) =>
      headers.authorization === `Bearer ${shelfToken}` ? undefined : { status: 401, json: { error: 'who?' } },
    problem: ({ status, description }) => ({ status, json: { error: description } }),
  });
  return Object.assign(simulator, { boxes, shelves, refused, edit: () => undefined });
}
