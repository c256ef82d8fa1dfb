import { z } from 'zod';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import type { EntityType } from '../model/entity-types.ts';
import type { Route, SimulatedRequest, SimulatedResponse } from '../testing/simulator/exchange.ts';
import { defineEntity, type WriteRequest } from '../vendor/define-entity.ts';

/**
 * Paper School's gradebook, and what it takes: users are put under ids that the client chooses, all else is posted and gets its id from
 * the school. The simulator is as unforgiving as vendors are: what names something unknown, lacks a member or has one too many is refused
 * with 422 and a body that says why, and nothing is deleted that something else names.
 */
const idOf = (record: unknown) => z.object({ id: z.string() }).safeParse(record).data?.id;
const Created = z.object({ id: z.string() });

/** How our members are called there. */
type Names = Readonly<Record<string, string>>;

function bodyOf(names: Names, value: JsonObject): JsonObject {
  const given = Object.entries(names).filter(([ours]) => value[ours] !== undefined);
  return Object.fromEntries(given.map(([ours, theirs]) => [theirs, value[ours] as JsonValue]));
}

const remove = (path: string) => (record: { readonly id: string }) =>
  ({ method: 'DELETE', path: `${path}/${encodeURIComponent(record.id)}` }) satisfies WriteRequest;

const put = (path: string, names: Names) => (record: { readonly id: string; readonly value: object }) =>
  ({
    method: 'PUT',
    path: `${path}/${encodeURIComponent(record.id)}`,
    json: bodyOf(names, record.value as JsonObject),
  }) satisfies WriteRequest;

const post = (path: string, names: Names) => (record: { readonly value: object }) =>
  ({ method: 'POST', path, json: bodyOf(names, record.value as JsonObject) }) satisfies WriteRequest;

/** The id stands in the answer to the post; what is there already is listed whole. */
const assignedIn = (path: string, member: string) => ({
  idIn: (answer: JsonValue) => Created.safeParse(answer).data?.id,
  where: () => ({ path, member }),
});

const one = (path: string, member: string) => (id: string) => ({
  path: `${path}/${encodeURIComponent(id)}`,
  member,
});

export const userNames = {
  givenName: 'given',
  familyName: 'family',
  primaryOrgSourcedId: 'school',
  email: 'mail',
} as const;

export const oneUser = one('/users', 'user');
export const userWrite = {
  members: Object.keys(userNames) as (keyof typeof userNames)[],
  create: put('/users', userNames),
  update: put('/users', userNames),
  remove: remove('/users'),
};

export const categoryNames = { title: 'title', weight: 'weight' } as const;
export const categoryWrite = {
  members: Object.keys(categoryNames) as (keyof typeof categoryNames)[],
  create: post('/categories', categoryNames),
  update: put('/categories', categoryNames),
  remove: remove('/categories'),
  assignment: assignedIn('/categories', 'categories'),
};
export const categories = defineEntity({
  entityType: 'category',
  collection: () => ({ path: '/categories', member: 'categories' }),
  wire: z.object({ id: z.string(), title: z.string(), weight: z.number().optional() }),
  idOf,
  read: ({ id, title, weight }) => [
    { id, value: { status: 'active', title, ...(weight === undefined ? {} : { weight }) } },
  ],
  one: one('/categories', 'category'),
  write: categoryWrite,
});

const itemNames = {
  title: 'title',
  assignDate: 'from',
  dueDate: 'due',
  categorySourcedId: 'category',
  classSourcedId: 'class',
} as const;
export const lineItems = defineEntity({
  entityType: 'lineItem',
  collection: () => ({ path: '/items', member: 'items' }),
  wire: z.object({
    id: z.string(),
    title: z.string(),
    from: z.string(),
    due: z.string(),
    category: z.string(),
    class: z.string(),
  }),
  idOf,
  read: ({ id, title, from, due, category, class: classId }) => [
    {
      id,
      value: {
        status: 'active',
        title,
        assignDate: from,
        dueDate: due,
        categorySourcedId: category,
        classSourcedId: classId,
      },
    },
  ],
  one: one('/items', 'item'),
  write: {
    members: Object.keys(itemNames) as (keyof typeof itemNames)[],
    create: post('/items', itemNames),
    update: put('/items', itemNames),
    remove: remove('/items'),
    assignment: assignedIn('/items', 'items'),
  },
});

const scoreNames = {
  lineItemSourcedId: 'item',
  studentSourcedId: 'student',
  score: 'points',
  scoreDate: 'on',
} as const;
export const results = defineEntity({
  entityType: 'result',
  collection: () => ({ path: '/scores', member: 'scores' }),
  wire: z.object({
    id: z.string(),
    item: z.string(),
    student: z.string(),
    points: z.number().optional(),
    on: z.string(),
  }),
  idOf,
  read: ({ id, item, student, points, on }) => [
    {
      id,
      value: {
        status: 'active',
        scoreStatus: 'fully graded',
        lineItemSourcedId: item,
        studentSourcedId: student,
        scoreDate: on,
        ...(points === undefined ? {} : { score: points }),
      },
    },
  ],
  one: one('/scores', 'score'),
  write: {
    members: Object.keys(scoreNames) as (keyof typeof scoreNames)[],
    create: post('/scores', scoreNames),
    update: put('/scores', scoreNames),
    remove: remove('/scores'),
    assignment: assignedIn('/scores', 'scores'),
  },
});

export const writtenEntityTypes = ['user', 'category', 'lineItem', 'result'] as const satisfies EntityType[];

export type ShelfName = 'orgs' | 'users' | 'categories' | 'items' | 'scores';

/** What the school is like on a given day. */
export type Habit = 'ignores-mail' | 'rounds-points' | 'forgets-deletions';

export interface Gradebook extends Record<ShelfName, JsonObject[]> {
  readonly habits: Set<Habit>;
  /** Ids given so far. */
  given: number;
}

interface Shelf {
  readonly name: ShelfName;
  readonly single: string;
  readonly needs: readonly string[];
  readonly takes: readonly string[];
  /** Members that name what stands on other shelves. */
  readonly names: Readonly<Record<string, ShelfName>>;
  /** The school gives the ids, and they begin so; absent: the client does. */
  readonly prefix?: string;
  /** What the school adds to a record that it has taken. */
  readonly added: (record: JsonObject) => JsonObject;
}

const shelves: readonly Shelf[] = [
  {
    name: 'users',
    single: 'user',
    needs: ['given', 'family'],
    takes: ['school', 'mail'],
    names: { school: 'orgs' },
    added: ({ given, family }) => ({ login: `${given as string}.${family as string}`.toLowerCase() }),
  },
  {
    name: 'categories',
    single: 'category',
    needs: ['title'],
    takes: ['weight'],
    names: {},
    prefix: 'cat',
    added: () => ({ weight: 1 }),
  },
  {
    name: 'items',
    single: 'item',
    needs: ['title', 'from', 'due', 'category', 'class'],
    takes: [],
    names: { category: 'categories' },
    prefix: 'item',
    added: () => ({}),
  },
  {
    name: 'scores',
    single: 'score',
    needs: ['item', 'student', 'on'],
    takes: ['points'],
    names: { item: 'items', student: 'users' },
    prefix: 'score',
    added: () => ({}),
  },
];

/** The routes that show one record, and those that write. */
export function gradebookRoutes(book: Gradebook): Readonly<Record<string, Route>> {
  return Object.fromEntries(shelves.flatMap((shelf) => Object.entries(shelfRoutes(book, shelf))));
}

function shelfRoutes(book: Gradebook, shelf: Shelf): Readonly<Record<string, Route>> {
  const { name, single, prefix } = shelf;
  const find = (id: string | undefined) => book[name].findIndex((record) => record.id === id);
  const unknown = { status: 404, json: { error: `no such ${single}` } };
  return {
    [`GET /${name}/:id`]: ({ params }) => {
      const record = book[name][find(params.id)];
      return record === undefined ? unknown : { status: 200, json: { [single]: record } };
    },
    [`PUT /${name}/:id`]: (request) => {
      const at = find(request.params.id);
      if (at < 0 && prefix !== undefined) return unknown;
      const taken = take(book, shelf, request, book[name][at]);
      if ('status' in taken) return taken as SimulatedResponse;
      const id = request.params.id as string;
      if (at < 0) book[name].push({ id, ...shelf.added(taken), ...taken });
      else book[name][at] = { ...withoutTaken(shelf, book[name][at] as JsonObject), id, ...taken };
      return { status: 204 };
    },
    ...(prefix === undefined
      ? {}
      : {
          [`POST /${name}`]: (request: SimulatedRequest) => {
            const taken = take(book, shelf, request, undefined);
            if ('status' in taken) return taken as SimulatedResponse;
            const id = `${prefix}-${++book.given}`;
            book[name].push({ id, ...shelf.added(taken), ...taken });
            return { status: 201, json: { id } };
          },
        }),
    [`DELETE /${name}/:id`]: ({ params }) => {
      const at = find(params.id);
      if (at < 0) return unknown;
      const other = findUse(book, name, params.id as string);
      if (other !== undefined) return refusal('it is still in use', { usedBy: other });
      if (!book.habits.has('forgets-deletions')) book[name].splice(at, 1);
      return { status: 204 };
    },
  };
}

/** What the request says the record is, or why it is refused. */
function take(
  book: Gradebook,
  { needs, takes, names }: Shelf,
  request: SimulatedRequest,
  before: JsonObject | undefined,
): JsonObject | SimulatedResponse {
  if (request.headers['content-type'] !== 'application/json')
    return { status: 415, json: { error: 'not JSON' } };
  const body: unknown = JSON.parse(request.body);
  if (!isJsonObject(body)) return refusal('no object', {});
  for (const field of needs) if (typeof body[field] !== 'string') return refusal('missing', { field });
  for (const field of Object.keys(body))
    if (![...needs, ...takes].includes(field)) return refusal('not known', { field });
  for (const [field, shelf] of Object.entries(names)) {
    const id = body[field];
    if (id !== undefined && !book[shelf].some((record) => record.id === id))
      return refusal('unknown reference', { field, found: id });
  }
  const kept = { ...body };
  if (book.habits.has('ignores-mail') && 'mail' in body) {
    if (before?.mail === undefined) delete kept.mail;
    else kept.mail = before.mail;
  }
  if (book.habits.has('rounds-points') && typeof body.points === 'number')
    kept.points = Math.round(body.points);
  return kept;
}

/** A put replaces what the client may say, and leaves what the school has added. */
function withoutTaken({ needs, takes }: Shelf, record: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([name]) => ![...needs, ...takes].includes(name)));
}

function findUse(book: Gradebook, name: ShelfName, id: string): JsonValue | undefined {
  for (const shelf of shelves) {
    for (const [field, target] of Object.entries(shelf.names)) {
      const user = book[shelf.name].find((record) => target === name && record[field] === id);
      if (user !== undefined) return user.id;
    }
  }
  return undefined;
}

function refusal(error: string, more: JsonObject): SimulatedResponse {
  return { status: 422, json: { error, ...more } };
}
