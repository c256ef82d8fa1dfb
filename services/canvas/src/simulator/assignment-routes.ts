import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import type { SimulatorSeat } from '@flotilla/substrate/testing/simulator/create-district-simulator';
import {
  type Answer,
  type ListRoute,
  type Route,
  type SimulatedRequest,
  type SimulatedResponse,
} from '@flotilla/substrate/testing/simulator/exchange';
import { checkNames } from '@flotilla/substrate/testing/simulator/read-query';
import { joinIds } from '@flotilla/substrate/vendor';
import { canvasId } from './canvas-id.ts';
import type { CollectionName } from './district-records.ts';
import { findIn } from './finder.ts';
import { type ListOptions, listPage } from './list-page.ts';
import { canvasTime } from './local-midnight.ts';
import { isTrue, readParams } from './read-params.ts';
import { invalid, notFound, refuseWith } from './refusal.ts';
import { showRecord, without } from './show-record.ts';
import { textOf } from './text-of.ts';

const known = {
  assignment: [
    'name',
    'position',
    'submission_types',
    'points_possible',
    'grading_type',
    'due_at',
    'lock_at',
    'unlock_at',
    'description',
    'assignment_group_id',
    'assignment_overrides',
    'only_visible_to_overrides',
    'published',
    'integration_id',
    'integration_data',
    'notify_of_update',
  ],
};
const gradingTypes = ['pass_fail', 'percent', 'letter_grade', 'gpa_scale', 'points', 'not_graded'];
const query = {
  known: ['override_assignment_dates', 'order_by', 'bucket', 'search_term'],
  lists: ['include[]', 'assignment_ids[]'],
};

/** Assignments of a course: read, made, changed and deleted. */
export function assignmentRoutes(
  { store, now }: SimulatorSeat<CollectionName>,
  paging: ListOptions,
): Readonly<Record<string, Route | ListRoute>> {
  let made = 0;

  function inCourse(act: (request: SimulatedRequest, course: JsonObject) => Answer): Route {
    return (request) => {
      const course = findIn(store, 'courses', request.params.id);
      return course === undefined ? notFound : act(request, course);
    };
  }

  function find({ params }: SimulatedRequest, course: JsonObject): JsonObject | undefined {
    return store
      .where('assignments', 'id', params.assignmentId ?? '')
      .find(({ course_id }) => course_id === course.id);
  }

  function show(request: SimulatedRequest, record: JsonObject): JsonObject {
    return showRecord(request, shownOf(request, record));
  }

  function save(request: SimulatedRequest, course: JsonObject, before: JsonObject | undefined): Answer {
    const read = readParams(request, known);
    if ('status' in read) return read;
    const { assignment = {} } = read.params;
    const base = before ?? defaultsOf(course);
    const wrong = refusalOf(assignment, base, course);
    if (wrong !== undefined) return wrong;
    const { assignment_overrides: rules, published, ...members } = assignment;
    const overrides = rules === undefined ? base.overrides : overridesOf(rules, base);
    const isPublished = published === undefined ? base.published === true : isTrue(published);
    const record: JsonObject = {
      ...base,
      ...Object.fromEntries(Object.entries(members).map(([name, value]) => [name, stored(name, value)])),
      overrides: overrides ?? [],
      has_overrides: Array.isArray(overrides) && overrides.length > 0,
      published: isPublished,
      workflow_state: isPublished ? 'published' : 'unpublished',
      updated_at: canvasTime(now()),
    };
    store.put('assignments', keyOf(record), record);
    if (isPublished) handOut(record);
    return { status: before === undefined ? 201 : 200, json: show(request, record) };
  }

  function defaultsOf({ id: course_id = '' }: JsonObject): JsonObject {
    made += 1;
    const at = canvasTime(now());
    return {
      id: canvasId('made assignment', textOf(made)),
      course_id,
      section_id: '',
      name: '',
      description: null,
      created_at: at,
      updated_at: at,
      due_at: null,
      unlock_at: null,
      lock_at: null,
      points_possible: null,
      grading_type: 'points',
      assignment_group_id: defaultGroup(textOf(course_id)),
      position: made,
      submission_types: ['none'],
      only_visible_to_overrides: false,
      overrides: [],
      published: false,
    };
  }

  /** The course's first one, which is made where there is none yet. */
  function defaultGroup(courseId: string): string {
    const [group] = store.where('assignment_groups', 'course_id', courseId);
    if (group !== undefined) return textOf(group.id);
    const id = canvasId('made group', courseId);
    store.put('assignment_groups', joinIds(courseId, id), {
      id,
      course_id: courseId,
      name: 'Assignments',
      position: 1,
      group_weight: 0,
      sis_source_id: null,
      integration_data: {},
      rules: {},
    });
    return id;
  }

  function refusalOf(
    members: JsonObject,
    base: JsonObject,
    course: JsonObject,
  ): SimulatedResponse | undefined {
    const {
      name = base.name,
      points_possible: points,
      grading_type: type,
      assignment_group_id: group,
    } = members;
    if (typeof name !== 'string' || name.trim() === '') return invalid('name', 'blank');
    if (name.length > 255) return invalid('name', 'too_long');
    if (points !== undefined && points !== null && !(Number(points) >= 0))
      return invalid('points_possible', 'not_a_number');
    if (type !== undefined && !gradingTypes.includes(textOf(type)))
      return invalid('grading_type', 'inclusion');
    if (
      group !== undefined &&
      group !== null &&
      store.get('assignment_groups', joinIds(textOf(course.id), textOf(group))) === undefined
    )
      return invalid('assignment_group_id', 'must be a group of the course');
    for (const date of ['due_at', 'unlock_at', 'lock_at'])
      if (
        typeof members[date] === 'string' &&
        members[date] !== '' &&
        Number.isNaN(Date.parse(members[date]))
      )
        return invalid(date, `Invalid datetime for ${date}`);
    const [due, unlock] = [members.due_at ?? base.due_at, members.unlock_at ?? base.unlock_at];
    if (typeof due === 'string' && typeof unlock === 'string' && Date.parse(unlock) > Date.parse(due))
      return invalid('unlock_at', 'must be before due date');
    const rules = Array.isArray(members.assignment_overrides) ? members.assignment_overrides : [];
    const sections = new Set(store.where('sections', 'course_id', textOf(course.id)).map(({ id }) => id));
    const isSound = rules.every(
      (rule: JsonValue) => isJsonObject(rule) && sections.has(textOf(rule.course_section_id)),
    );
    return isSound ? undefined : refuseWith({ errors: ['invalid override'] });
  }

  /** The whole list: those with an id are changed, those without are made, and who is missing is deleted. */
  function overridesOf(rules: JsonValue, { id: assignment_id = '' }: JsonObject): readonly JsonObject[] {
    return (Array.isArray(rules) ? rules : []).flatMap((rule: JsonValue) => {
      if (!isJsonObject(rule)) return [];
      const course_section_id = textOf(rule.course_section_id);
      const section = findIn(store, 'sections', course_section_id);
      const dates = Object.entries(rule).flatMap(([name, value]) =>
        name.endsWith('_at') ? [[name, stored(name, value)] as const] : [],
      );
      return [
        {
          id: textOf(rule.id ?? canvasId('override', textOf(assignment_id), course_section_id)),
          assignment_id,
          title: section?.name ?? null,
          course_section_id,
          ...Object.fromEntries(dates),
        },
      ];
    });
  }

  /** Every student whom it is for has a submission from then on. */
  function handOut({ id = '', course_id = '', only_visible_to_overrides, overrides }: JsonObject): void {
    const sections = (Array.isArray(overrides) ? overrides : []).map((rule: JsonValue) =>
      isJsonObject(rule) ? rule.course_section_id : null,
    );
    for (const enrollment of store.where('enrollments', 'course_id', textOf(course_id))) {
      const { type, user_id = '', course_section_id: section_id = '' } = enrollment;
      if (type !== 'StudentEnrollment') continue;
      if (isTrue(only_visible_to_overrides) && !sections.includes(section_id)) continue;
      const key = joinIds(textOf(course_id), textOf(section_id), textOf(id), textOf(user_id));
      if (store.get('submissions', key) !== undefined) continue;
      store.put('submissions', key, {
        id: canvasId('submission', textOf(id), textOf(user_id)),
        course_id,
        section_id,
        assignment_id: id,
        user_id,
        ...untouched,
      });
    }
  }

  function remove(request: SimulatedRequest, course: JsonObject): Answer {
    const record = find(request, course);
    if (record === undefined) return notFound;
    store.remove('assignments', keyOf(record));
    for (const one of store.where('submissions', 'assignment_id', textOf(record.id)))
      store.remove(
        'submissions',
        joinIds(textOf(one.course_id), textOf(one.section_id), textOf(record.id), textOf(one.user_id)),
      );
    return { status: 200, json: show(request, { ...record, workflow_state: 'deleted' }) };
  }

  const at = '/api/v1/courses/:id/assignments';
  return {
    [`GET ${at}`]: {
      list: inCourse((request, { id }) => {
        const records = store.where('assignments', 'course_id', textOf(id));
        const shown = records.map((record) => shownOf(request, record));
        return listPage(request, shown, { ...paging, ...query });
      }),
    },
    [`POST ${at}`]: inCourse((request, course) => save(request, course, undefined)),
    [`GET ${at}/:assignmentId`]: inCourse((request, course) => {
      const strange = checkNames(request.query, query.known, query.lists);
      const record = find(request, course);
      if (strange !== undefined || record === undefined) return strange ?? notFound;
      return { status: 200, json: show(request, record) };
    }),
    [`PUT ${at}/:assignmentId`]: inCourse((request, course) => {
      const record = find(request, course);
      return record === undefined ? notFound : save(request, course, record);
    }),
    [`DELETE ${at}/:assignmentId`]: inCourse(remove),
  };
}

const untouched: JsonObject = {
  score: null,
  grade: null,
  entered_score: null,
  entered_grade: null,
  submitted_at: null,
  submission_type: null,
  attempt: null,
  body: null,
  url: null,
  workflow_state: 'unsubmitted',
  graded_at: null,
  posted_at: null,
  grader_id: null,
  grade_matches_current_submission: true,
  excused: false,
  late: false,
  missing: false,
  late_policy_status: null,
  points_deducted: null,
  seconds_late: 0,
  submission_comments: [],
};

function shownOf({ method, query: asked }: SimulatedRequest, record: JsonObject): JsonObject {
  const isWhole = method !== 'GET' || asked.getAll('include[]').includes('overrides');
  return without(record, 'section_id', ...(isWhole ? [] : ['overrides']));
}

/** Pure. How the store knows it: as our ids do, with the one section that the district made it for. */
export function keyOf({ course_id, section_id, id }: JsonObject): string {
  return joinIds(textOf(course_id), textOf(section_id), textOf(id));
}

function stored(name: string, value: JsonValue): JsonValue {
  if (name.endsWith('_at'))
    return typeof value === 'string' && value !== '' ? canvasTime(new Date(value).toISOString()) : null;
  if (name === 'points_possible') return value === null || value === '' ? null : Number(value);
  if (name === 'only_visible_to_overrides') return isTrue(value);
  return name.endsWith('_id') && value !== null ? textOf(value) : value;
}
