import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type { SimulatorSeat } from '@flotilla/substrate/testing/simulator/create-district-simulator';
import type {
  Answer,
  ListRoute,
  Route,
  SimulatedRequest,
} from '@flotilla/substrate/testing/simulator/exchange';
import { checkNames } from '@flotilla/substrate/testing/simulator/read-query';
import { joinIds } from '@flotilla/substrate/vendor';
import { adminUserId, canvasId } from './canvas-id.ts';
import { type CollectionName, gradeOf } from './district-records.ts';
import { findIn } from './finder.ts';
import { readGrade } from './grade.ts';
import { type ListOptions, listPage } from './list-page.ts';
import { canvasTime } from './local-midnight.ts';
import { isTrue, readParams } from './read-params.ts';
import { notFound, refuseWith, unauthorized } from './refusal.ts';
import { showRecord, without } from './show-record.ts';
import { textOf } from './text-of.ts';

const known = {
  submission: ['posted_grade', 'excuse', 'late_policy_status', 'seconds_late_override'],
  comment: ['text_comment', 'group_comment', 'attempt'],
};
const lateWords = ['late', 'missing', 'extended', 'none'];

/** Submissions of a course or of one of its sections, which is the same with fewer students. */
export function submissionRoutes(
  { store, now }: SimulatorSeat<CollectionName>,
  paging: ListOptions,
): Readonly<Record<string, Route | ListRoute>> {
  type Context = 'courses' | 'sections';

  /** The submissions that the context shows; undefined where there is no such context. */
  function inContext(context: Context, { params }: SimulatedRequest): readonly JsonObject[] | undefined {
    const found = findIn(store, context, params.id);
    if (found === undefined) return undefined;
    const member = context === 'courses' ? 'course_id' : 'section_id';
    return store.where('submissions', member, textOf(found.id));
  }

  function assignmentOf(context: Context, { params }: SimulatedRequest): JsonObject | undefined {
    const found = findIn(store, context, params.id);
    const courseId = context === 'courses' ? found?.id : found?.course_id;
    return store
      .where('assignments', 'id', params.assignmentId ?? '')
      .find(({ course_id }) => course_id === courseId);
  }

  function show({ query, method }: SimulatedRequest, record: JsonObject): JsonObject {
    const isWhole = method === 'PUT' || query.getAll('include[]').includes('submission_comments');
    return without(record, 'course_id', 'section_id', ...(isWhole ? [] : ['submission_comments']));
  }

  function list(context: Context): Route {
    return (request) => {
      const found = inContext(context, request);
      if (found === undefined) return notFound;
      const students = request.query.getAll('student_ids[]');
      const assignments = request.query.getAll('assignment_ids[]');
      const records = found.filter(
        ({ user_id, assignment_id }) =>
          // Who names no student asks for their own.
          (students.includes('all') || students.includes(textOf(user_id))) &&
          (assignments.length === 0 || assignments.includes(textOf(assignment_id))) &&
          store.where('assignments', 'id', textOf(assignment_id))[0]?.published === true,
      );
      return listPage(
        request,
        records.map((record) => show(request, record)),
        {
          ...paging,
          isBookmarked: true,
          known: ['submitted_since', 'graded_since', 'workflow_state', 'enrollment_state', 'order'],
          lists: ['student_ids[]', 'assignment_ids[]', 'include[]'],
        },
      );
    };
  }

  function listOfAssignment(context: Context): Route {
    return (request) => {
      const assignment = assignmentOf(context, request);
      if (assignment === undefined) return notFound;
      const records = (inContext(context, request) ?? []).filter(
        ({ assignment_id }) => assignment_id === assignment.id,
      );
      const shown = records.map((record) => show(request, record));
      return listPage(request, shown, { ...paging, lists: ['include[]'] });
    };
  }

  function withOne(
    context: Context,
    act: (request: SimulatedRequest, record: JsonObject, assignment: JsonObject) => Answer,
  ): Route {
    return (request) => {
      const assignment = assignmentOf(context, request);
      const user = findIn(store, 'users', request.params.userId);
      const record = inContext(context, request)?.find(
        ({ assignment_id, user_id }) => assignment_id === assignment?.id && user_id === user?.id,
      );
      if (assignment === undefined || user === undefined) return notFound;
      // Somebody who is there, and whom the assignment is not for.
      return record === undefined ? unauthorized : act(request, record, assignment);
    };
  }

  function update(request: SimulatedRequest, record: JsonObject, assignment: JsonObject): Answer {
    const read = readParams(request, known);
    if ('status' in read) return read;
    const { submission = {}, comment = {} } = read.params;
    const changed: Record<string, JsonValue> = { ...record };
    const at = canvasTime(now());
    if (submission.posted_grade !== undefined) {
      const score = readGrade(textOf(submission.posted_grade), assignment);
      if (score === undefined) return refuseWith({ error: 'invalid grade' });
      Object.assign(changed, gradeOf(score ?? undefined), {
        workflow_state:
          score !== null ? 'graded' : record.submitted_at === null ? 'unsubmitted' : 'submitted',
        graded_at: score === null ? null : at,
        posted_at: score === null ? null : at,
        grader_id: adminUserId,
        grade_matches_current_submission: true,
        excused: false,
        missing: score === null && record.missing === true,
      });
    }
    if (submission.excuse !== undefined) {
      const isExcused = isTrue(submission.excuse);
      changed.excused = isExcused;
      if (isExcused) Object.assign(changed, gradeOf(undefined), { workflow_state: 'graded', graded_at: at });
    }
    const { late_policy_status: status } = submission;
    if (status !== undefined) {
      if (!lateWords.includes(textOf(status)))
        return refuseWith({ errors: { late_policy_status: [{ message: 'inclusion' }] } });
      Object.assign(changed, {
        late_policy_status: status,
        late: status === 'late',
        missing: status === 'missing',
      });
    }
    if (typeof comment.text_comment === 'string' && comment.text_comment !== '') {
      const before = Array.isArray(record.submission_comments) ? record.submission_comments : [];
      const id = canvasId('comment', textOf(record.id), textOf(before.length));
      changed.submission_comments = [
        ...before,
        { id, author_id: adminUserId, comment: comment.text_comment, created_at: at },
      ];
    }
    store.put('submissions', submissionKey(changed), changed);
    return { status: 200, json: showRecord(request, show(request, changed)) };
  }

  const routes: Record<string, Route | ListRoute> = {};
  for (const context of ['courses', 'sections'] as const) {
    const at = `/api/v1/${context}/:id`;
    routes[`GET ${at}/students/submissions`] = { list: list(context) };
    routes[`GET ${at}/assignments/:assignmentId/submissions`] = { list: listOfAssignment(context) };
    routes[`GET ${at}/assignments/:assignmentId/submissions/:userId`] = withOne(
      context,
      (request, record) =>
        checkNames(request.query, [], ['include[]']) ?? {
          status: 200,
          json: showRecord(request, show(request, record)),
        },
    );
    routes[`PUT ${at}/assignments/:assignmentId/submissions/:userId`] = withOne(context, update);
  }
  return routes;
}

/** Pure. How the store knows it, as our ids do. */
export function submissionKey({ course_id, section_id, assignment_id, user_id }: JsonObject): string {
  return joinIds(textOf(course_id), textOf(section_id), textOf(assignment_id), textOf(user_id));
}
