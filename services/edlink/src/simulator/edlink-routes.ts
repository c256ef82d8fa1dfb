import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type { SimulatorSeat } from '@flotilla/substrate/testing/simulator/create-district-simulator';
import type {
  Answer,
  ListRoute,
  Route,
  SimulatedRequest,
  VendorProblem,
} from '@flotilla/substrate/testing/simulator/exchange';
import type { Access } from './access.ts';
import type { Cursors } from './cursors.ts';
import { type CollectionName, orgKind } from './district-records.ts';
import { edlinkId, isUuid } from './edlink-id.ts';
import { eventsOf } from './event-log.ts';
import { gradebookRoutes, showGradebook } from './gradebook-routes.ts';
import { listPage } from './list-page.ts';
import { envelop, refuse } from './refusal.ts';
import { textOf } from './text-of.ts';

export interface RoutesOptions {
  readonly seat: SimulatorSeat<CollectionName>;
  readonly access: Access;
  readonly cursors: Cursors;
  readonly longestPage: number | undefined;
  readonly startedAt: number;
  readonly eventsKeptDays: number;
}

/** What a list has in it, and of which records below another: `GET /graph/schools/:id/classes`. */
interface Below {
  readonly of: CollectionName;
  readonly member: string;
  readonly role?: string;
}

/** What stands below a record of a list, by the last segment of the path. */
const below: Readonly<Record<string, Readonly<Record<string, Below>>>> = {
  districts: { administrators: { of: 'people', member: 'district_id', role: 'district-administrator' } },
  schools: {
    classes: { of: 'classes', member: 'school_id' },
    courses: { of: 'courses', member: 'school_id' },
    sessions: { of: 'sessions', member: 'school_id' },
    people: { of: 'people', member: 'school_ids' },
    administrators: { of: 'people', member: 'school_ids', role: 'administrator' },
    teachers: { of: 'people', member: 'school_ids', role: 'teacher' },
    students: { of: 'people', member: 'school_ids', role: 'student' },
  },
  courses: { classes: { of: 'classes', member: 'course_id' } },
  classes: {
    sections: { of: 'sections', member: 'class_id' },
    enrollments: { of: 'enrollments', member: 'class_id' },
    people: { of: 'enrollments', member: 'class_id' },
    teachers: { of: 'enrollments', member: 'class_id', role: 'teacher' },
    students: { of: 'enrollments', member: 'class_id', role: 'student' },
  },
  sections: {
    enrollments: { of: 'enrollments', member: 'section_id' },
    people: { of: 'enrollments', member: 'section_id' },
    teachers: { of: 'enrollments', member: 'section_id', role: 'teacher' },
    students: { of: 'enrollments', member: 'section_id', role: 'student' },
  },
  people: {
    enrollments: { of: 'enrollments', member: 'person_id' },
    agents: { of: 'agents', member: 'target_id' },
  },
};

const graphLists = [
  'districts',
  'schools',
  'sessions',
  'courses',
  'classes',
  'sections',
  'people',
  'enrollments',
  'agents',
];
/** A person has fewer lists, and must ask for people class by class. */
const userLists = ['districts', 'schools', 'classes', 'sections', 'agents'];

/** Names that `$expand` may have, and the list that each comes from. */
const expansions: Readonly<Record<string, string>> = {
  district: 'districts',
  school: 'schools',
  schools: 'schools',
  session: 'sessions',
  sessions: 'sessions',
  course: 'courses',
  class: 'classes',
  section: 'sections',
  person: 'people',
  observer: 'people',
  target: 'people',
};

/** What of a list is shown to whoever asks. */
type Sees = (name: string, record: JsonObject) => boolean;

const notFound = refuse('NOT_FOUND', 'The requested resource could not be found.');

const rosterMost = 10_000;
/** What the LMS behind this one gives at a time. */
const providerMost = 100;

export function createEdlinkRoutes(options: RoutesOptions): Readonly<Record<string, Route | ListRoute>> {
  const { seat, cursors, longestPage, startedAt, eventsKeptDays } = options;
  const { store } = seat;
  const integrationId = edlinkId('integration', '1');

  function listOf(name: string): readonly JsonObject[] {
    if (name !== 'districts' && name !== 'schools') return store.list(name as CollectionName);
    return store.list('orgs').filter((org) => `${orgKind(org)}s` === name);
  }

  function recordOf(name: string, id: string): JsonObject | undefined {
    if (name !== 'districts' && name !== 'schools') return store.get(name as CollectionName, id);
    const org = store.get('orgs', id);
    return org !== undefined && `${orgKind(org)}s` === name ? org : undefined;
  }

  function show(record: JsonObject, expanded: readonly string[] = []): JsonObject {
    const added: Record<string, JsonValue> = {};
    for (const name of expanded) {
      const ids = record[`${name}_id`] ?? record[`${name.replace(/s$/, '')}_ids`];
      const find = (id: JsonValue) => show(recordOf(expansions[name] ?? '', textOf(id)) ?? {});
      if (typeof ids === 'string') added[name] = find(ids);
      else if (Array.isArray(ids)) added[name] = ids.map(find);
    }
    return { ...record, ...added };
  }

  function page(request: SimulatedRequest, list: readonly JsonObject[]): Answer {
    const ordered = list.toSorted((a, b) => (textOf(a.id) < textOf(b.id) ? -1 : 1));
    const expandable = Object.keys(expansions);
    return listPage(request, ordered, { cursors, show, expandable, most: rosterMost, longest: longestPage });
  }

  function providerPage(request: SimulatedRequest, list: readonly JsonObject[]): Answer {
    return listPage(request, list, {
      cursors,
      show: showGradebook,
      most: providerMost,
      longest: longestPage,
    });
  }

  function one(name: string, sees: Sees): Route {
    return ({ params: { id = '' } }) => {
      const record = recordOf(name, id);
      if (record === undefined && !isUuid(id)) return refuse('INVALID_UUID', `${id} is not a UUID`);
      if (record === undefined || !sees(name, record)) return notFound;
      return { status: 200, json: envelop(show(record), []) };
    };
  }

  function listBelow(name: string, { of, member, role }: Below, sees: Sees, asPeople: boolean): Route {
    return (request) => {
      const { id = '' } = request.params;
      const parent = recordOf(name, id);
      if (parent === undefined || !sees(name, parent)) return notFound;
      const found = store.where(of, member, id).filter((record) => {
        const held = of === 'people' ? record.roles : [record.role];
        return role === undefined || (Array.isArray(held) && held.includes(role));
      });
      const people = found.map(({ person_id }) => store.get('people', textOf(person_id)) ?? {});
      return page(request, asPeople ? [...new Set(people)] : found);
    };
  }

  function rosterRoutes(
    root: string,
    names: readonly string[],
    sees: Sees,
  ): Readonly<Record<string, Route | ListRoute>> {
    const routes: Record<string, Route | ListRoute> = {};
    for (const name of names) {
      routes[`GET ${root}/${name}`] = {
        list: (request) =>
          page(
            request,
            listOf(name).filter((record) => sees(name, record)),
          ),
      };
      routes[`GET ${root}/${name}/:id`] = one(name, sees);
      for (const [last, what] of Object.entries(below[name] ?? {})) {
        const asPeople = what.of === 'enrollments' && last !== 'enrollments';
        routes[`GET ${root}/${name}/:id/${last}`] = { list: listBelow(name, what, sees, asPeople) };
      }
    }
    return routes;
  }

  function events(): readonly JsonObject[] {
    const logged = eventsOf(seat.changes.list(), integrationId, (record) => show(record));
    // The first import; of all its events the last stands for all.
    const isKept = seat.clock.now() < startedAt + eventsKeptDays * 86_400_000;
    const district = listOf('districts')[0];
    if (!isKept || district === undefined) return logged;
    const change = {
      number: 0,
      at: startedAt,
      collection: 'orgs',
      op: 'created',
      id: textOf(district.id),
    } as const;
    return [...eventsOf([{ ...change, before: undefined, after: district }], integrationId, show), ...logged];
  }

  function materializations(): readonly JsonObject[] {
    const dates = new Map(events().map(({ materialization_id, date }) => [materialization_id, date]));
    return [...dates].map(([id, date = null]) => ({
      id: id ?? null,
      created_date: date,
      updated_date: date,
      state: 'complete',
      priority: 0,
      source_id: edlinkId('source', '1'),
      integration_id: integrationId,
    }));
  }

  function log(request: SimulatedRequest, list: readonly JsonObject[]): Answer {
    return listPage(request, list, { cursors, show, most: rosterMost, longest: longestPage, isLog: true });
  }

  /** Who has signed in: the teacher of the first class that has assignments. */
  function self(): JsonObject {
    const [assignment] = store.list('assignments');
    const [teacher] = store
      .where('enrollments', 'class_id', textOf(assignment?.class_id))
      .filter(({ role }) => role === 'teacher');
    return store.get('people', textOf(teacher?.person_id)) ?? {};
  }

  function teaches(classId: unknown): boolean {
    return store
      .where('enrollments', 'person_id', textOf(self().id))
      .some(({ role, class_id }) => role === 'teacher' && class_id === classId);
  }

  /** Of rosters a person sees what they belong to. */
  function personSees(name: string, record: JsonObject): boolean {
    const me = self();
    if (name === 'classes') return teaches(record.id);
    if (name === 'sections') return teaches(record.class_id);
    if (name === 'schools') return Array.isArray(me.school_ids) && me.school_ids.includes(record.id ?? null);
    if (name === 'agents') return record.observer_id === me.id || record.target_id === me.id;
    return record.id === me.district_id;
  }

  function graphRefusal(classId: string): VendorProblem | undefined {
    return recordOf('classes', classId) === undefined ? notFound : undefined;
  }

  function personRefusal(classId: string): VendorProblem | undefined {
    if (graphRefusal(classId) !== undefined || teaches(classId)) return graphRefusal(classId);
    return refuse('NO_PERMISSION', 'You are not a teacher of this class.');
  }

  return {
    'GET /api/up': () => ({ status: 200, text: 'Ok' }),
    'POST /api/authentication/token': options.access.tokenRoute,
    'GET /api/v1/integrations': () => ({
      status: 200,
      json: envelop([integration(integrationId, options.access.integrationToken, seat.now())], []),
    }),
    ...rosterRoutes('/api/v2/graph', graphLists, () => true),
    ...rosterRoutes('/api/v2/my', userLists, personSees),
    'GET /api/v2/my/profile': () => ({ status: 200, json: envelop(show(self()), []) }),
    'GET /api/v2/graph/events': { list: (request) => log(request, events()) },
    'GET /api/v2/graph/events/:id': ({ params }) => {
      const event = events().find(({ id }) => id === params.id);
      if (event === undefined) return notFound;
      return { status: 200, json: envelop(event, []) };
    },
    'GET /api/v2/graph/materializations': { list: (request) => log(request, materializations()) },
    ...gradebookRoutes({ seat, root: '/api/v2/graph', refusal: graphRefusal, list: providerPage }),
    ...gradebookRoutes({ seat, root: '/api/v2/my', refusal: personRefusal, list: providerPage }),
  };
}

function integration(id: string, access_token: string, date: string): JsonObject {
  const source = {
    id: edlinkId('source', '1'),
    status: 'active',
    name: 'Maple Valley',
    import_interval: 86_400,
  };
  const provider = { id: edlinkId('provider', '1'), name: 'Canvas', application: 'canvas' };
  const dates = { created_date: date, updated_date: date };
  return { id, status: 'active', scope: 'all', permissions: [], access_token, ...dates, source, provider };
}
