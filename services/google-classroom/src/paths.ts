import { type Collection, splitId } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { directoryPaging } from './paging.ts';

const courseStates = ['ACTIVE', 'ARCHIVED', 'PROVISIONED', 'DECLINED', 'SUSPENDED'] as const;

/** What a school enters besides the credential; nothing of it is needed. */
export const Connection = z.strictObject({
  baseUrl: z.url().default('https://classroom.googleapis.com').describe('Where Classroom is'),
  directoryUrl: z
    .url()
    .default('https://admin.googleapis.com')
    .describe("Where the Admin SDK's Directory is"),
  tokenUrl: z.url().default('https://oauth2.googleapis.com/token').describe('Where tokens are issued'),
  customer: z
    .string()
    .default('my_customer')
    .describe('The id of the Google Workspace account; default: that of whoever signs in'),
  schools: z
    .array(z.string().startsWith('/'))
    .default([])
    .describe(
      'The organizational units that are schools, by their paths; `/Schools/*`: all directly below /Schools',
    ),
  courseStates: z
    .array(z.enum(courseStates))
    .default([])
    .describe('Only courses in these states; default: all of them, with those of former years'),
  guardians: z
    .boolean()
    .default(false)
    .describe('Whether guardians are read too, which the domain must have switched on'),
  gradebook: z
    .enum(['read', 'draft', 'assign'])
    .default('read')
    .describe(
      'assign: tokens are asked for that may write course work and grades; draft: grades are written as drafts, which teachers return',
    ),
  scopes: z
    .array(z.string())
    .optional()
    .describe('The scopes to ask for, where the administrator has granted others than the usual ones'),
});
export type Connection = z.output<typeof Connection>;

/** All courses: canonical courses, classes and categories are read of this one list. */
export function courseList({ courseStates: states }: Connection): Collection {
  return listOf('/v1/courses', 'courses', states.length === 0 ? {} : { query: { courseStates: states } });
}

export function oneCourse(id: string): Collection {
  return { path: path('courses', id) };
}

/** The students or the teachers of a course. Which of both a record is, only the path says. */
export function rosterOf(_: Connection, courseId: string, list = 'students'): Collection {
  return listOf(path('courses', courseId, list), list, { implied: { list } });
}

export function oneMember(id: string): Collection {
  const [courseId = '', list = '', userId = ''] = splitId(id);
  return { path: path('courses', courseId, list, userId), implied: { list } };
}

/** What is published of a course's work. */
export function workOf(_: Connection, courseId: string): Collection {
  return listOf(path('courses', courseId, 'courseWork'), 'courseWork');
}

export function oneWork(id: string): Collection {
  const [courseId = '', workId = ''] = splitId(id);
  return { path: path('courses', courseId, 'courseWork', workId) };
}

/** The submissions of all of a course's work. */
export function submissionsOf(connection: Connection, courseId: string): Collection {
  const all = `${path('courses', courseId, 'courseWork')}/-/studentSubmissions`;
  return listOf(all, 'studentSubmissions', gradesOf(connection));
}

export function oneSubmission(id: string, connection: Connection): Collection {
  const [courseId = '', workId = '', own = ''] = splitId(id);
  return {
    path: path('courses', courseId, 'courseWork', workId, 'studentSubmissions', own),
    ...gradesOf(connection),
  };
}

/** Which of a submission's two grades counts. */
function gradesOf({ gradebook }: Connection): Pick<Collection, 'implied'> {
  return { implied: { isDraftGrade: gradebook === 'draft' } };
}

/** `users`: the domain's accounts. `guardians`: parents who follow a student's work, who need none. */
export function userList(connection: Connection, list: string): Collection {
  if (list === 'guardians') {
    return listOf('/v1/userProfiles/-/guardians', list, {
      recordMember: 'guardianProfile',
      implied: { isGuardian: true },
    });
  }
  const { customer, schools } = connection;
  return listOf(inDirectory(connection, 'users'), 'users', {
    query: { customer },
    paging: directoryPaging,
    implied: { schools },
  });
}

export function oneUser(id: string, connection: Connection): Collection {
  const [own = '', guardian] = splitId(id).toReversed();
  if (guardian !== undefined) return { path: path('userProfiles', own), implied: { isGuardian: true } };
  return { path: inDirectory(connection, 'users', own), implied: { schools: connection.schools } };
}

/** All organizational units, with the one at the top, in one answer. */
export function orgUnits(connection: Connection): Collection {
  const { customer, schools } = connection;
  return listOf(inDirectory(connection, 'customer', customer, 'orgunits'), 'organizationUnits', {
    query: { type: 'allIncludingParent' },
    paging: { kind: 'single' },
    implied: { schools },
  });
}

/** The Directory has an origin of its own. */
function inDirectory({ baseUrl, directoryUrl }: Connection, ...segments: readonly string[]): string {
  const { origin } = new URL(directoryUrl);
  const within = ['/admin/directory/v1', ...segments.map(encodeURIComponent)].join('/');
  return origin === new URL(baseUrl).origin ? within : origin + within;
}

/** Google leaves out what is empty. */
function listOf(at: string, member: string, further: Partial<Collection> = {}): Collection {
  return { path: at, member, isLeftOutWhenEmpty: true, ...further };
}

function path(...segments: readonly string[]): string {
  return ['/v1', ...segments.map(encodeURIComponent)].join('/');
}
