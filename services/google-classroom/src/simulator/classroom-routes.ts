import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { SimulatorSeat } from '@flotilla/substrate/testing/simulator/create-district-simulator';
import type {
  Answer,
  ListRoute,
  Route,
  SimulatedRequest,
  VendorProblem,
} from '@flotilla/substrate/testing/simulator/exchange';
import type { SealedCursors } from '@flotilla/substrate/testing/simulator/sealed-cursors';
import type { Access } from './access.ts';
import type { CollectionName } from './district-records.ts';
import { checkParameters, listPage, pageSizeOf } from './list-page.ts';
import { invalid, notFound } from './refusal.ts';
import { textOf } from './text-of.ts';

export interface ClassroomOptions {
  readonly seat: SimulatorSeat<CollectionName>;
  readonly access: Access;
  readonly tokens: SealedCursors;
  /** No page is longer, whatever is asked for. */
  readonly longestPage: number | undefined;
}

const courseStates = [
  'COURSE_STATE_UNSPECIFIED',
  'ACTIVE',
  'ARCHIVED',
  'PROVISIONED',
  'DECLINED',
  'SUSPENDED',
];
/** Rosters come in pages of 30 unless more is asked for. */
const rosterSize = 30;
const most = 100;

/** Courses, their people and their topics, which are read only here. */
export function classroomRoutes(options: ClassroomOptions): Readonly<Record<string, Route | ListRoute>> {
  const { seat, access } = options;
  const { store } = seat;
  const page = pager(options);

  /** `me`, an address or an id. */
  function accountOf(request: SimulatedRequest, text: string): JsonObject | undefined {
    const address = text === 'me' ? access.subjectOf(request) : text;
    return store.get('users', text) ?? store.where('users', 'primaryEmail', address)[0];
  }

  function courses(request: SimulatedRequest): Answer {
    const { query } = request;
    const wrong = checkParameters(
      request,
      ['studentId', 'teacherId', 'pageSize', 'pageToken'],
      ['courseStates'],
    );
    if (wrong !== undefined) return wrong;
    const states = query.getAll('courseStates');
    const strange = states.find((state) => !courseStates.includes(state));
    if (strange !== undefined) return wrongEnum('course_states', 'CourseState', strange);
    const [student, teacher] = [query.get('studentId'), query.get('teacherId')];
    if (student !== null && teacher !== null) return invalid();
    const whose = student ?? teacher;
    const account = whose === null ? undefined : accountOf(request, whose);
    if (whose !== null && account === undefined) return notFound();
    const theirs = new Set(
      store
        .where('members', 'userId', textOf(account?.id))
        .filter(({ list }) => list === (student === null ? 'teachers' : 'students'))
        .map(({ courseId }) => courseId),
    );
    const list = store
      .list('courses')
      .filter(({ courseState }) => states.length === 0 || states.includes(textOf(courseState)))
      .filter(({ id }) => account === undefined || theirs.has(id));
    return page(request, list, 'courses', most);
  }

  /** Addresses are shown to those alone who may see them. */
  function shown(request: SimulatedRequest, { list: _list, ...member }: JsonObject): JsonObject {
    const { emailAddress, ...profile } = member.profile as JsonObject;
    const address =
      emailAddress !== undefined && access.hasScope(request, 'classroom.profile.emails')
        ? { emailAddress }
        : {};
    return { ...member, profile: { ...profile, ...address } };
  }

  function roster(list: 'students' | 'teachers'): Record<string, Route | ListRoute> {
    return {
      [`GET /v1/courses/:courseId/${list}`]: {
        list: inCourse(options, (request, courseId) => {
          const wrong = checkParameters(request, ['pageSize', 'pageToken']);
          if (wrong !== undefined) return wrong;
          const members = store.where('members', 'courseId', courseId).filter((one) => one.list === list);
          return page(
            request,
            members.map((one) => shown(request, one)),
            list,
            rosterSize,
          );
        }),
      },
      [`GET /v1/courses/:courseId/${list}/:userId`]: inCourse(options, (request, courseId) => {
        const id = textOf(accountOf(request, request.params.userId ?? '')?.id);
        const found = store.get('members', `${courseId}.${list}.${id}`);
        return found === undefined ? notFound() : { status: 200, json: shown(request, found) };
      }),
    };
  }

  function profile(request: SimulatedRequest): Answer {
    const { userId = '' } = request.params;
    const guardian = store.where('guardians', 'guardianId', userId)[0]?.guardianProfile;
    const account = accountOf(request, userId);
    // Whom one may not see and who is not there are the same to Google.
    if (account === undefined && guardian === undefined)
      return { status: 403, description: 'The caller does not have permission' };
    const { id = '', name = {}, primaryEmail = '' } = account ?? {};
    const whole = (guardian as JsonObject | undefined) ?? { id, name, emailAddress: primaryEmail };
    return { status: 200, json: shown(request, { profile: whole }).profile ?? {} };
  }

  return {
    'GET /v1/courses': { list: courses },
    'GET /v1/courses/:courseId': inCourse(options, (request, id) => {
      const wrong = checkParameters(request, []);
      return wrong ?? { status: 200, json: store.get('courses', id) ?? {} };
    }),
    ...roster('students'),
    ...roster('teachers'),
    'GET /v1/courses/:courseId/topics': {
      list: inCourse(options, (request, courseId) => {
        const wrong = checkParameters(request, ['pageSize', 'pageToken']);
        // The one list that is called in the singular.
        return wrong ?? page(request, store.where('topics', 'courseId', courseId), 'topic', most);
      }),
    },
    'GET /v1/userProfiles/:userId': profile,
    'GET /v1/userProfiles/:studentId/guardians': {
      list: (request) => {
        const wrong = checkParameters(request, ['invitedEmailAddress', 'pageSize', 'pageToken']);
        if (wrong !== undefined) return wrong;
        const { studentId = '' } = request.params;
        const student = accountOf(request, studentId);
        if (studentId !== '-' && student === undefined) return notFound();
        const invited = request.query.get('invitedEmailAddress');
        const list = store
          .list('guardians')
          .filter((one) => student === undefined || one.studentId === student.id)
          .filter((one) => invited === null || one.invitedEmailAddress === invited)
          .map((one) => ({
            ...one,
            guardianProfile: shown(request, { profile: one.guardianProfile ?? {} }).profile ?? {},
          }));
        return page(request, list, 'guardians', most);
      },
    },
  };
}

/** Makes a page of a list under its member; `usual` where no size is asked for. */
export function pager({ tokens, longestPage = most }: Pick<ClassroomOptions, 'tokens' | 'longestPage'>) {
  return (
    request: SimulatedRequest,
    list: readonly JsonObject[],
    member: string,
    usual: number,
  ): ReturnType<typeof listPage> => {
    const size = pageSizeOf(request.query, usual, most);
    return typeof size === 'number'
      ? listPage(request, list, { tokens, member, size: Math.min(size, longestPage) })
      : size;
  };
}

/** Refuses what is asked of a course that is not there. */
export function inCourse(
  { seat: { store } }: Pick<ClassroomOptions, 'seat'>,
  route: (request: SimulatedRequest, courseId: string) => Answer,
): Route {
  return (request) => {
    const { courseId = '' } = request.params;
    return store.get('courses', courseId) === undefined ? notFound() : route(request, courseId);
  };
}

export function wrongEnum(field: string, type: string, value: string): VendorProblem {
  return invalid(`Invalid value at '${field}' (type.googleapis.com/google.classroom.v1.${type}), "${value}"`);
}
