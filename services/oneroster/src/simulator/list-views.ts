import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import type { VendorProblem } from '@flotilla/substrate/testing/simulator/exchange';
import { idOf, refId, refIds } from './references.ts';
import type { CollectionName, OneRosterStore, Version } from './wire-fields.ts';

/** A list that the provider serves: a collection, a kind within it, or what belongs to another object. */
export interface ListView {
  /** Below the service's path: `/schools/:schoolId/classes`. */
  readonly path: string;
  readonly collection: CollectionName;
  /** Also served one by one, under `path/:sourcedId`. */
  readonly single: boolean;
  readonly versions: readonly Version[];
  /** Its records, or that an object on the way does not exist. */
  list(
    store: OneRosterStore,
    params: Readonly<Record<string, string>>,
  ): readonly JsonObject[] | VendorProblem;
}

type Kind = 'school' | 'class' | 'course' | 'term' | 'student' | 'teacher' | 'user' | 'lineItem';

const both: readonly Version[] = ['1.1', '1.2'];
const only12: readonly Version[] = ['1.2'];

/** Pure. Every list of both versions, in the order of the specification's tables. */
export const listViews: readonly ListView[] = [
  whole('academicSessions'),
  kind('/terms', 'academicSessions', 'term'),
  kind('/gradingPeriods', 'academicSessions', undefined, (record) => record.type === 'gradingPeriod'),
  whole('orgs'),
  kind('/schools', 'orgs', 'school'),
  whole('courses'),
  whole('classes'),
  whole('users'),
  kind('/students', 'users', 'student'),
  kind('/teachers', 'users', 'teacher'),
  whole('enrollments'),
  whole('demographics'),
  nested('/schools/:school/courses', 'courses', (store, { school }) => {
    const taught = new Set(classesOf(store, school).map((record) => refId(record.course)));
    return store.list('courses').filter((course) => refId(course.org) === school || taught.has(idOf(course)));
  }),
  nested('/schools/:school/classes', 'classes', (store, { school }) => classesOf(store, school)),
  nested('/schools/:school/enrollments', 'enrollments', (store, { school }) =>
    pointing(store, 'enrollments', 'school', school),
  ),
  nested('/schools/:school/students', 'users', (store, { school }) => usersAt(store, school, 'student')),
  nested('/schools/:school/teachers', 'users', (store, { school }) => usersAt(store, school, 'teacher')),
  nested('/schools/:school/terms', 'academicSessions', (store, { school }) => {
    const used = new Set(classesOf(store, school).flatMap((record) => refIds(record.terms)));
    return store
      .list('academicSessions')
      .filter((session) => session.type === 'term' && used.has(idOf(session)));
  }),
  nested('/schools/:school/classes/:class/enrollments', 'enrollments', (store, params) =>
    pointing(store, 'enrollments', 'class', params.class).filter(
      (record) => refId(record.school) === params.school,
    ),
  ),
  nested('/schools/:school/classes/:class/students', 'users', (store, params) =>
    membersOf(store, params.class, 'student'),
  ),
  nested('/schools/:school/classes/:class/teachers', 'users', (store, params) =>
    membersOf(store, params.class, 'teacher'),
  ),
  nested('/classes/:class/students', 'users', (store, params) => membersOf(store, params.class, 'student')),
  nested('/classes/:class/teachers', 'users', (store, params) => membersOf(store, params.class, 'teacher')),
  nested('/courses/:course/classes', 'classes', (store, { course }) =>
    pointing(store, 'classes', 'course', course),
  ),
  nested('/terms/:term/classes', 'classes', (store, { term = '' }) =>
    store.list('classes').filter((record) => refIds(record.terms).includes(term)),
  ),
  nested('/terms/:term/gradingPeriods', 'academicSessions', (store, { term }) =>
    pointing(store, 'academicSessions', 'parent', term).filter((record) => record.type === 'gradingPeriod'),
  ),
  nested('/students/:student/classes', 'classes', (store, { student }) => classesAttended(store, student)),
  nested('/teachers/:teacher/classes', 'classes', (store, { teacher }) => classesAttended(store, teacher)),
  nested('/users/:user/classes', 'classes', (store, { user }) => classesAttended(store, user)),
  whole('resources'),
  nested('/classes/:class/resources', 'resources', (store, params) =>
    resourcesOf(store, 'classes', params.class),
  ),
  nested('/courses/:course/resources', 'resources', (store, { course }) =>
    resourcesOf(store, 'courses', course),
  ),
  nested(
    '/users/:user/resources',
    'resources',
    (store, { user }) => resourcesOf(store, 'users', user),
    only12,
  ),
  whole('categories'),
  whole('lineItems'),
  whole('results'),
  whole('scoreScales', only12),
  whole('assessmentLineItems', only12),
  whole('assessmentResults', only12),
  nested('/classes/:class/lineItems', 'lineItems', (store, params) =>
    pointing(store, 'lineItems', 'class', params.class),
  ),
  nested('/classes/:class/results', 'results', (store, params) => resultsOf(store, params.class)),
  nested('/classes/:class/lineItems/:lineItem/results', 'results', (store, params) =>
    resultsOf(store, params.class).filter((record) => refId(record.lineItem) === params.lineItem),
  ),
  nested('/classes/:class/students/:student/results', 'results', (store, params) =>
    resultsOf(store, params.class).filter((record) => refId(record.student) === params.student),
  ),
  nested(
    '/classes/:class/categories',
    'categories',
    (store, params) => {
      const used = new Set(
        pointing(store, 'lineItems', 'class', params.class).map((record) => refId(record.category)),
      );
      return store.list('categories').filter((record) => used.has(idOf(record)));
    },
    only12,
  ),
  nested(
    '/classes/:class/scoreScales',
    'scoreScales',
    (store, params) => pointing(store, 'scoreScales', 'class', params.class),
    only12,
  ),
  nested(
    '/schools/:school/scoreScales',
    'scoreScales',
    (store, { school }) => {
      const classes = new Set(classesOf(store, school).map((record) => idOf(record)));
      return store.list('scoreScales').filter((record) => classes.has(refId(record.class) ?? ''));
    },
    only12,
  ),
];

/** Whether a record is of a kind: a school among orgs, a student among users. */
function isKind(record: JsonObject, name: Kind): boolean {
  if (name === 'student' || name === 'teacher') return hasRole(record, name);
  if (name === 'school' || name === 'term') return record.type === name;
  return true;
}

function whole(collection: CollectionName, versions = both): ListView {
  return {
    path: `/${collection}`,
    collection,
    single: true,
    versions,
    list: (store) => store.list(collection),
  };
}

function kind(
  path: string,
  collection: CollectionName,
  name: Kind | undefined,
  test?: (record: JsonObject) => boolean,
): ListView {
  return {
    path,
    collection,
    single: true,
    versions: both,
    list: (store) =>
      store.list(collection).filter((record) => (name === undefined ? test?.(record) : isKind(record, name))),
  };
}

const parents: Readonly<Record<Kind, CollectionName>> = {
  school: 'orgs',
  class: 'classes',
  course: 'courses',
  term: 'academicSessions',
  student: 'users',
  teacher: 'users',
  user: 'users',
  lineItem: 'lineItems',
};

type Params = Readonly<Record<string, string>>;

/** A list below other objects, each of which must exist and be of the path's kind: else `unknownobject`. */
function nested(
  path: string,
  collection: CollectionName,
  list: (store: OneRosterStore, params: Params) => readonly JsonObject[],
  versions = both,
): ListView {
  return {
    path,
    collection,
    single: false,
    versions,
    list: (store, params) => {
      for (const [name, id] of Object.entries(params)) {
        const parent = store.get(parents[name as Kind], id);
        if (parent === undefined || !isKind(parent, name as Kind))
          return { status: 404, description: `No ${name} ${id}` };
      }
      const { school, class: classId } = params;
      if (
        school !== undefined &&
        classId !== undefined &&
        refId(store.get('classes', classId)?.school) !== school
      ) {
        return { status: 404, description: `The school ${school} has no class ${classId}` };
      }
      return list(store, params);
    },
  };
}

function pointing(
  store: OneRosterStore,
  collection: CollectionName,
  field: string,
  id: string | undefined,
): readonly JsonObject[] {
  return store.list(collection).filter((record) => refId(record[field]) === id);
}

function classesOf(store: OneRosterStore, school: string | undefined): readonly JsonObject[] {
  return pointing(store, 'classes', 'school', school);
}

function membersOf(
  store: OneRosterStore,
  classId: string | undefined,
  role: 'student' | 'teacher',
): readonly JsonObject[] {
  const members = pointing(store, 'enrollments', 'class', classId).filter((record) => record.role === role);
  return existing(
    store,
    'users',
    members.map((record) => refId(record.user) ?? ''),
  );
}

function classesAttended(store: OneRosterStore, user: string | undefined): readonly JsonObject[] {
  const ids = pointing(store, 'enrollments', 'user', user).map((record) => refId(record.class) ?? '');
  return existing(store, 'classes', ids);
}

function usersAt(
  store: OneRosterStore,
  school: string | undefined,
  role: 'student' | 'teacher',
): readonly JsonObject[] {
  return store.list('users').filter((user) => hasRole(user, role, school));
}

/** 1.1 has one role and a list of orgs; 1.2 a list of roles, each at one org. */
function hasRole(user: JsonObject, role: string, org?: string): boolean {
  if (Array.isArray(user.roles)) {
    const roles = user.roles.filter((one: JsonValue) => isJsonObject(one));
    return roles.some((one) => one.role === role && (org === undefined || refId(one.org) === org));
  }
  return user.role === role && (org === undefined || refIds(user.orgs).includes(org));
}

/** 1.1's results do not name their class: it is their line item's. */
function resultsOf(store: OneRosterStore, classId: string | undefined): readonly JsonObject[] {
  return store.list('results').filter((record) => {
    const named = refId(record.class) ?? refId(store.get('lineItems', refId(record.lineItem) ?? '')?.class);
    return named === classId;
  });
}

function resourcesOf(
  store: OneRosterStore,
  collection: CollectionName,
  id: string | undefined,
): readonly JsonObject[] {
  const ids = refIds(store.get(collection, id ?? '')?.resources);
  return existing(store, 'resources', ids);
}

function existing(
  store: OneRosterStore,
  collection: CollectionName,
  ids: readonly string[],
): readonly JsonObject[] {
  return [...new Set(ids)].map((id) => store.get(collection, id)).filter((record) => record !== undefined);
}
