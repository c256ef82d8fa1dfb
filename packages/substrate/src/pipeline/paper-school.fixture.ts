import { z } from 'zod';
import type { JsonObject } from '../json/json-value.ts';
import { type Simulator, simulate } from '../testing/simulate.ts';
import { defineApi } from '../vendor/define-api.ts';
import { defineEntity } from '../vendor/define-entity.ts';
import { defineVendor, type QueueProfile } from '../vendor/define-vendor.ts';
import type { DeltaList } from '../vendor/feed.ts';
import { type Badge, badges, placedRooms } from './paper-badges.fixture.ts';
import {
  categories,
  categoryNames,
  categoryWrite,
  type Gradebook,
  gradebookRoutes,
  type Habit,
  lineItems,
  oneUser,
  results,
  type ShelfName,
  userNames,
  userWrite,
} from './paper-gradebook.fixture.ts';
import { type ImportDesk, importRoutes, uploadTo } from './paper-import.fixture.ts';
import { type QueueMessage, queueFeed, queueRoute } from './paper-queue.fixture.ts';
import {
  chairs,
  createRooms,
  isCellar,
  members,
  type Room,
  rooms,
  seats,
  seatsOf,
  seatsUpstairs,
} from './paper-rooms.fixture.ts';

/** A vendor small enough to hold in the head: orgs and users, offset paging by twos, Basic auth. For tests of the pipeline only. */
const queue: QueueProfile = {
  rate: { maxDispatchesPerSecond: 100, maxConcurrentDispatches: 10 },
  retry: { maxAttempts: 3, minBackoffMs: 10, maxBackoffMs: 50, maxDoublings: 1 },
  dispatchDeadlineMs: 60_000,
};

const Common = { id: z.string(), gone: z.boolean().optional() };
const FeedAnswer = z.object({ events: z.array(z.string()) });
const idOf = (record: unknown) => z.object({ id: z.string() }).safeParse(record).data?.id;

const description = {
  id: 'paper-school',
  title: 'Paper School',
  docs: 'https://example.com/docs',
  runtime: { memory: '256MiB', cpu: 1, timeoutSeconds: 60, concurrency: 1 },
  queues: { nightly: queue, realtime: queue, manual: queue },
  api: defineApi({
    credential: z.strictObject({ username: z.string(), password: z.string() }),
    connection: z.strictObject({ baseUrl: z.url() }),
    authorize: ({ username, password }) => ({ kind: 'basic', username, password }),
    paging: {
      kind: 'offset',
      limitParameter: 'limit',
      offsetParameter: 'offset',
      pageSize: 2,
      totalHeader: 'x-total-count',
    },
    // So high that a clock that stands still never makes the client wait.
    limits: { requests: 100_000, perSeconds: 1, concurrent: 10_000 },
    check: () => ({ path: '/orgs', member: 'orgs' }),
  }),
} as const;

const orgs = defineEntity({
  entityType: 'org',
  collection: () => ({ path: '/orgs', member: 'orgs' }),
  wire: z.object({ ...Common, name: z.string() }),
  idOf,
  read: ({ id, gone, name }) =>
    gone ? [{ id, deleted: true }] : [{ id, value: { status: 'active', name, type: 'school' } }],
});

const users = defineEntity({
  entityType: 'user',
  collection: () => ({ path: '/users', member: 'users' }),
  wire: z.object({
    ...Common,
    given: z.string(),
    family: z.string(),
    school: z.string().optional(),
    mail: z.string().optional(),
    login: z.string().optional(),
    touched: z.iso.datetime().optional(),
  }),
  idOf,
  read: ({ id, gone, given, family, school, mail, login, touched }) =>
    gone
      ? [{ id, deleted: true }]
      : [
          {
            id,
            value: {
              status: 'active',
              enabledUser: true,
              givenName: given,
              familyName: family,
              roles: [],
              ...(school === undefined ? {} : { primaryOrgSourcedId: school }),
              ...(mail === undefined ? {} : { email: mail }),
              ...(login === undefined ? {} : { username: login }),
              ...(touched === undefined ? {} : { dateLastModified: touched }),
            },
          },
        ],
  one: oneUser,
  write: userWrite,
});

const demographics = defineEntity({
  entityType: 'demographics',
  collection: () => ({ path: '/demographics', member: 'demographics' }),
  wire: z.object({ ...Common, city: z.string() }),
  idOf,
  read: ({ id, gone, city }) =>
    gone ? [{ id, deleted: true }] : [{ id, value: { status: 'active', cityOfBirth: city } }],
});

export const paperSchool = defineVendor({ ...description, entities: [orgs, users] });

/** Paper School with its gradebook, which goes both ways. */
export const paperGradebook = defineVendor({
  ...description,
  entities: [orgs, users, categories, lineItems, results],
});

/**
 * Paper School where users and categories go in by uploads. A single user that is there already can be put, too; the school gives categories
 * their ids.
 */
export const paperImport = defineVendor({
  ...description,
  entities: [
    orgs,
    defineEntity({
      ...users,
      write: {
        members: userWrite.members,
        update: userWrite.update,
        batch: uploadTo<'user'>('users', userNames),
      },
    }),
    defineEntity({
      ...categories,
      write: {
        members: categoryWrite.members,
        assignment: { ...categoryWrite.assignment, identity: ['title'] },
        batch: uploadTo<'category'>('categories', categoryNames),
      },
    }),
  ],
});

/** Paper School with demographics, which name a user by their own id, and with an event feed. */
export const paperDistrict = defineVendor({
  ...description,
  entities: [orgs, users, demographics],
  feed: {
    latest: () => ({ path: '/events', query: { limit: '1' } }),
    cursorIn: (answer) => FeedAnswer.safeParse(answer).data?.events.at(-1),
  },
});

const usersWithBadges = defineEntity({ ...users, joins: { badges } });

/** Paper School where badges say more of users, and schools of rooms. */
export const paperBadges = defineVendor({ ...description, entities: [orgs, placedRooms, usersWithBadges] });

/** Paper School with rooms, in whose list its enrollments stand. */
export const paperRooms = defineVendor({ ...description, entities: [orgs, rooms, users, members] });

/** Paper School with rooms, each of which has a list of its enrollments. */
export const paperSeats = defineVendor({ ...description, entities: [orgs, rooms, users, seats] });

/** Paper School with rooms, each of which has a list of its enrollments unless it is a cellar. */
export const paperCellars = defineVendor({ ...description, entities: [orgs, rooms, users, seatsUpstairs] });

/** Paper School with rooms, each of which has two lists of its enrollments. */
export const paperChairs = defineVendor({ ...description, entities: [orgs, rooms, users, chairs] });

/**
 * Paper School with a journal that tells what happened to orgs and users, each entry with the whole record; demographics are not in it. What
 * is older than the oldest event is forgotten.
 */
export const paperJournal = defineVendor({
  ...description,
  entities: [orgs, users, demographics],
  feed: {
    latest: () => ({ path: '/events' }),
    cursorIn: (answer) => FeedAnswer.safeParse(answer).data?.events.at(-1),
    isTooOld: (cursor, answer) => cursor < (FeedAnswer.safeParse(answer).data?.events[0] ?? ''),
    since: (entityType, { from, to }) =>
      entityType === 'demographics' ? undefined : [journal(entityType, from, to)],
  },
});

/** The same, where badges say more of users. */
export const paperBadgeJournal = { ...paperJournal, entities: paperBadges.entities };

/** Paper School with a queue that tells of orgs and users, and is read away. */
export const paperQueue = defineVendor({
  ...description,
  entities: [orgs, users, demographics],
  feed: queueFeed,
});

const JournalEntry = z.object({ of: z.string(), id: z.string(), record: z.json().nullable() });

function journal(entityType: string, after: string, upTo: string): DeltaList {
  return {
    collection: { path: '/journal', member: 'journal', query: { after, upTo } },
    says: (entry) => {
      const { of, id, record } = JournalEntry.parse(entry);
      if (of !== entityType) return [];
      return record === null ? [{ deleted: id }] : [{ changed: record }];
    },
  };
}

export interface JournalEntry {
  /** Names its event: `e01`. */
  readonly at: string;
  readonly of: 'org' | 'user';
  readonly id: string;
  /** As it is then; null: it is gone. */
  readonly record: JsonObject | null;
}

export const paperCredential = { username: 'office', password: 'canary-pa55word' };

export interface PaperSchool extends Simulator {
  /** The vendor's data, to be changed at will between runs. */
  readonly data: Gradebook & {
    /** Of `paperDistrict` only. */
    demographics: JsonObject[];
    /** What its feed tells, oldest first; while it tells nothing it is as if there were none. */
    events: string[];
    /** Of `paperJournal` only. */
    journal: JournalEntry[];
    /** Of `paperImport` only. */
    uploads: ImportDesk['uploads'];
    importHabits: ImportDesk['importHabits'];
    /** Of `paperQueue` only. */
    queue: QueueMessage[];
    /** Of `paperBadges` only. */
    badges: Badge[];
    /** Of `paperRooms` and `paperSeats` only. */
    rooms: Room[];
  };
}

export function createPaperSchool(): PaperSchool {
  const data = {
    orgs: [{ id: 'o1', name: 'Oak' }] as JsonObject[],
    users: [1, 2, 3, 4, 5].map((n): JsonObject => ({ id: `u${n}`, given: `Given ${n}`, family: 'Oakley' })),
    demographics: [] as JsonObject[],
    categories: [] as JsonObject[],
    items: [] as JsonObject[],
    scores: [] as JsonObject[],
    habits: new Set<Habit>(),
    given: 0,
    events: [] as string[],
    journal: [] as JournalEntry[],
    queue: [] as QueueMessage[],
    uploads: [] as ImportDesk['uploads'],
    importHabits: new Set() as ImportDesk['importHabits'],
    badges: [] as Badge[],
    rooms: createRooms(),
  };
  const expected = `Basic ${Buffer.from(`${paperCredential.username}:${paperCredential.password}`).toString('base64')}`;
  const list =
    (member: ShelfName | 'demographics' | 'rooms' | 'badges') =>
    (request: { readonly query: URLSearchParams }) =>
      listOf(data[member], member, request);
  function listOf(all: readonly object[], member: string, { query }: { readonly query: URLSearchParams }) {
    const offset = Number(query.get('offset') ?? 0);
    const records = all.slice(offset, offset + Number(query.get('limit') ?? 2)) as JsonObject[];
    return {
      status: 200,
      headers: { 'x-total-count': String(all.length) },
      page: { records, wrap: (kept: readonly unknown[]) => ({ [member]: kept }) as JsonObject },
    };
  }
  const simulator = simulate({
    routes: {
      'GET /orgs': list('orgs'),
      'GET /users': list('users'),
      'GET /demographics': list('demographics'),
      'GET /badges': list('badges'),
      'GET /rooms': list('rooms'),
      'GET /rooms/:id/seats': (request) => {
        const room = data.rooms.find(({ id }) => id === request.params.id);
        if (room === undefined || isCellar(room)) return { status: 404, json: { error: 'no such list' } };
        return listOf(seatsOf(room), 'seats', request);
      },
      'GET /rooms/:id/guests': (request) => {
        const room = data.rooms.find(({ id }) => id === request.params.id);
        if (room === undefined) return { status: 404, json: { error: 'no such room' } };
        return listOf(seatsOf({ ...room, members: room.guests ?? [] }), 'guests', request);
      },
      'GET /categories': list('categories'),
      'GET /items': list('items'),
      'GET /scores': list('scores'),
      ...gradebookRoutes(data),
      ...importRoutes(data, data),
      'GET /events': ({ query }) => ({
        status: 200,
        json: { events: query.get('limit') === '1' ? data.events.slice(-1) : data.events },
      }),
      'GET /queue': queueRoute(data),
      'GET /journal': (request) => {
        const [after = '', upTo = ''] = ['after', 'upTo'].map((name) => request.query.get(name) ?? '');
        const told = data.journal.filter(({ at }) => at > after && at <= upTo);
        return listOf(told, 'journal', request);
      },
    },
    authenticate: ({ headers }) =>
      headers.authorization === expected ? undefined : { status: 401, json: { error: 'wrong password' } },
    problem: ({ status, description }) => ({ status, json: { error: description } }),
    pageOf: ({ query }) => Number(query.get('offset') ?? 0) / 2 + 1,
  });
  return Object.assign(simulator, { data });
}
