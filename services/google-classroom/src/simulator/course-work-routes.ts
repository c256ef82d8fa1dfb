import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import {
  type Answer,
  isProblem,
  type ListRoute,
  type Route,
  type SimulatedRequest,
  type VendorProblem,
} from '@flotilla/substrate/testing/simulator/exchange';
import { joinIds } from '@flotilla/substrate/vendor';
import { courseWorkFields, patched, readMask, readMessage, submissionFields } from './check-body.ts';
import { type ClassroomOptions, inCourse, pager, wrongEnum } from './classroom-routes.ts';
import { numberOf, submissionId } from './google-id.ts';
import { checkParameters } from './list-page.ts';
import { invalid, notFound, notOurProject } from './refusal.ts';
import { textOf } from './text-of.ts';

const usual = 100;
const updatable = [
  'title',
  'description',
  'state',
  'dueDate',
  'dueTime',
  'maxPoints',
  'scheduledTime',
  'submissionModificationMode',
  'topicId',
  'gradingPeriodId',
];
/** What Google sets, whatever is sent. */
const readOnly = [
  'courseId',
  'id',
  'alternateLink',
  'creationTime',
  'updateTime',
  'associatedWithDeveloper',
  'creatorUserId',
  'gradeCategory',
  'assignment',
];

/** Course work and its submissions, for our own project: what others made can be read only. */
export function courseWorkRoutes(options: ClassroomOptions): Readonly<Record<string, Route | ListRoute>> {
  const { seat, access } = options;
  const { store, now } = seat;
  const page = pager(options);
  let made = 0;

  function workOf({ params: { courseId = '', workId = '' } }: SimulatedRequest): JsonObject | undefined {
    return store.get('courseWork', joinIds(courseId, workId));
  }

  /** What may be changed: it is there, and ours. */
  function ownWork(request: SimulatedRequest): JsonObject | VendorProblem {
    const work = workOf(request);
    if (work === undefined) return notFound();
    return work.associatedWithDeveloper === true ? work : notOurProject();
  }

  function listWork(request: SimulatedRequest, courseId: string): Answer {
    const wrong = checkParameters(request, ['orderBy', 'pageSize', 'pageToken'], ['courseWorkStates']);
    if (wrong !== undefined) return wrong;
    const asked = request.query.getAll('courseWorkStates');
    const known = courseWorkFields.state as readonly string[];
    const strange = asked.find((state) => !known.includes(state));
    if (strange !== undefined) return wrongEnum('course_work_states', 'CourseWorkState', strange);
    const order = request.query.get('orderBy') ?? 'updateTime desc';
    if (!/^(updateTime|dueDate)( (asc|desc))?(, ?(updateTime|dueDate)( (asc|desc))?)*$/.test(order))
      return invalid();
    const states = asked.length === 0 ? ['PUBLISHED'] : asked;
    const list = store
      .where('courseWork', 'courseId', courseId)
      .filter(({ state }) => states.includes(textOf(state)))
      .toSorted((a, b) => Date.parse(textOf(b.updateTime)) - Date.parse(textOf(a.updateTime)));
    return page(request, list, 'courseWork', usual);
  }

  function createWork(request: SimulatedRequest, courseId: string): Answer {
    const wrong = checkParameters(request, []);
    const message = wrong ?? readMessage(request, 'course_work', courseWorkFields);
    if (isProblem(message)) return message;
    const { workType } = message;
    if (workType === undefined || workType === 'COURSE_WORK_TYPE_UNSPECIFIED') return invalid();
    made += 1;
    const id = numberOf('made', courseId, String(made));
    const own = Object.fromEntries(Object.entries(message).filter(([name]) => !readOnly.includes(name)));
    const work = patched(
      {
        courseId,
        id,
        state: 'DRAFT',
        alternateLink: `https://classroom.google.com/c/${courseId}/a/${id}/details`,
        creationTime: now(),
        updateTime: now(),
        submissionModificationMode: 'MODIFIABLE_UNTIL_TURNED_IN',
        assigneeMode: 'ALL_STUDENTS',
        associatedWithDeveloper: true,
        creatorUserId: textOf(store.where('users', 'primaryEmail', access.subjectOf(request))[0]?.id ?? ''),
      },
      own,
      Object.keys(own),
    );
    const unsound = workProblem(work, courseId);
    if (unsound !== undefined) return unsound;
    store.put('courseWork', joinIds(courseId, id), work);
    if (work.state === 'PUBLISHED') handOut(work);
    return { status: 200, json: work };
  }

  /** Every student of the course has a submission of each piece of work, from the beginning. */
  function handOut({ courseId, id, workType }: JsonObject): void {
    for (const { userId, list } of store.where('members', 'courseId', textOf(courseId))) {
      if (list !== 'students') continue;
      const own = submissionId(textOf(courseId), textOf(id), textOf(userId));
      store.put('studentSubmissions', joinIds(textOf(courseId), textOf(id), own), {
        courseId: courseId ?? '',
        courseWorkId: id ?? '',
        id: own,
        userId: userId ?? '',
        creationTime: now(),
        updateTime: now(),
        state: 'CREATED',
        courseWorkType: workType ?? 'ASSIGNMENT',
        assignmentSubmission: {},
        associatedWithDeveloper: true,
      });
    }
  }

  function workProblem(work: JsonObject, courseId: string): VendorProblem | undefined {
    const { title, description, maxPoints, dueDate, dueTime, topicId, scheduledTime, state } = work;
    if (typeof title !== 'string' || title.length > 3_000) return invalid();
    if (typeof description === 'string' && description.length > 30_000) return invalid();
    if (maxPoints !== undefined && !(Number.isInteger(Number(maxPoints)) && Number(maxPoints) >= 0))
      return invalid();
    if ((dueDate === undefined) !== (dueTime === undefined)) return invalid();
    if (dueDate !== undefined && !isDay(dueDate)) return invalid();
    if (
      typeof scheduledTime === 'string' &&
      (state !== 'DRAFT' || Date.parse(scheduledTime) < seat.clock.now())
    )
      return invalid();
    const isTopic =
      topicId === undefined || store.get('topics', joinIds(courseId, textOf(topicId))) !== undefined;
    return isTopic ? undefined : notFound();
  }

  function changeWork(request: SimulatedRequest, courseId: string): Answer {
    const wrong = checkParameters(request, ['updateMask']);
    const message = wrong ?? readMessage(request, 'course_work', courseWorkFields);
    if (isProblem(message)) return message;
    const mask = readMask(request, updatable);
    if (isProblem(mask)) return mask;
    const work = ownWork(request);
    if (isProblem(work)) return work;
    const after: JsonObject = { ...patched(work, message, mask), updateTime: now() };
    const unsound = workProblem(after, courseId);
    if (unsound !== undefined) return unsound;
    store.put('courseWork', joinIds(courseId, textOf(work.id)), after);
    if (work.state === 'DRAFT' && after.state === 'PUBLISHED') handOut(after);
    return { status: 200, json: after };
  }

  function removeWork(request: SimulatedRequest, courseId: string): Answer {
    const work = ownWork(request);
    if (isProblem(work)) return work;
    for (const one of store.where('studentSubmissions', 'courseWorkId', textOf(work.id)))
      if (one.courseId === courseId)
        store.remove('studentSubmissions', joinIds(courseId, textOf(work.id), textOf(one.id)));
    store.remove('courseWork', joinIds(courseId, textOf(work.id)));
    return { status: 200, json: {} };
  }

  function listSubmissions(request: SimulatedRequest, courseId: string): Answer {
    const { query, params } = request;
    const wrong = checkParameters(request, ['userId', 'late', 'pageSize', 'pageToken'], ['states']);
    if (wrong !== undefined) return wrong;
    const states = query.getAll('states');
    const known = submissionFields.state as readonly string[];
    const strange = states.find((state) => !known.includes(state));
    if (strange !== undefined) return wrongEnum('states', 'SubmissionState', strange);
    const late = query.get('late') ?? 'LATE_VALUES_UNSPECIFIED';
    if (!['LATE_VALUES_UNSPECIFIED', 'LATE_ONLY', 'NOT_LATE_ONLY'].includes(late))
      return wrongEnum('late', 'LateValues', late);
    const isAll = params.workId === '-';
    if (!isAll && workOf(request) === undefined) return notFound();
    const list = store
      .where('studentSubmissions', 'courseId', courseId)
      .filter((one) => isAll || one.courseWorkId === params.workId)
      .filter((one) => !query.has('userId') || one.userId === query.get('userId'))
      .filter((one) => states.length === 0 || states.includes(textOf(one.state)))
      .filter((one) => late === 'LATE_VALUES_UNSPECIFIED' || (one.late === true) === (late === 'LATE_ONLY'));
    return page(request, list, 'studentSubmissions', usual);
  }

  function submissionOf({ params }: SimulatedRequest, id = params.id ?? ''): JsonObject | VendorProblem {
    const { courseId = '', workId = '' } = params;
    return store.get('studentSubmissions', joinIds(courseId, workId, id)) ?? notFound();
  }

  function keep(submission: JsonObject): Answer {
    const { courseId, courseWorkId, id } = submission;
    const after = { ...submission, updateTime: now() };
    store.put('studentSubmissions', joinIds(textOf(courseId), textOf(courseWorkId), textOf(id)), after);
    return { status: 200, json: after };
  }

  function gradeSubmission(request: SimulatedRequest): Answer {
    const wrong = checkParameters(request, ['updateMask']);
    const message = wrong ?? readMessage(request, 'student_submission', submissionFields);
    if (isProblem(message)) return message;
    const mask = readMask(request, ['draftGrade', 'assignedGrade']);
    if (isProblem(mask)) return mask;
    const submission = submissionOf(request);
    if (isProblem(submission)) return submission;
    if (submission.associatedWithDeveloper !== true) return notOurProject();
    const rounded: Record<string, JsonValue> = {};
    for (const name of mask) {
      const grade = message[name];
      if (grade === undefined || grade === null) continue;
      if (Number(grade) < 0) return invalid();
      rounded[name] = Math.round(Number(grade) * 100) / 100;
    }
    const { maxPoints } = workOf(request) ?? {};
    const gradeHistory = mask.map((name) => ({
      gradeHistory: {
        ...(rounded[name] === undefined ? {} : { pointsEarned: rounded[name] }),
        ...(maxPoints === undefined ? {} : { maxPoints }),
        gradeTimestamp: now(),
        gradeChangeType: `${name === 'draftGrade' ? 'DRAFT' : 'ASSIGNED'}_GRADE_POINTS_EARNED_CHANGE`,
      },
    }));
    const before = Array.isArray(submission.submissionHistory) ? submission.submissionHistory : [];
    return keep({
      ...patched(submission, rounded, mask),
      submissionHistory: [...(before as readonly JsonValue[]), ...gradeHistory],
    });
  }

  /** Gives the work back to the student; the grade stays what it is. */
  function giveBack(request: SimulatedRequest): Answer {
    const [id = '', verb] = (request.params.id ?? '').split(':');
    if (verb !== 'return') return notFound();
    const submission = submissionOf(request, id);
    if (isProblem(submission)) return submission;
    if (submission.associatedWithDeveloper !== true) return notOurProject();
    const answer = keep({ ...submission, state: 'RETURNED' });
    return isProblem(answer) ? answer : { status: 200, json: {} };
  }

  const work = '/v1/courses/:courseId/courseWork';
  const submissions = `${work}/:workId/studentSubmissions`;
  return {
    [`GET ${work}`]: { list: inCourse(options, listWork) },
    [`POST ${work}`]: inCourse(options, createWork),
    [`GET ${work}/:workId`]: inCourse(options, (request) => {
      const found = workOf(request);
      return found === undefined ? notFound() : { status: 200, json: found };
    }),
    [`PATCH ${work}/:workId`]: inCourse(options, changeWork),
    [`DELETE ${work}/:workId`]: inCourse(options, removeWork),
    [`GET ${submissions}`]: { list: inCourse(options, listSubmissions) },
    [`GET ${submissions}/:id`]: inCourse(options, (request) => {
      const found = submissionOf(request);
      return isProblem(found) ? found : { status: 200, json: found };
    }),
    [`PATCH ${submissions}/:id`]: inCourse(options, gradeSubmission),
    [`POST ${submissions}/:id`]: inCourse(options, giveBack),
  };
}

function isDay(value: JsonValue): boolean {
  if (!isJsonObject(value)) return false;
  const { year, month, day } = value;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return Number(year) >= 1 && date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}
