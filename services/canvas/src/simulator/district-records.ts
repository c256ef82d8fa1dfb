import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { District, Person, Score, Section } from '@flotilla/substrate/testing/district/district';
import type { WireRecords } from '@flotilla/substrate/testing/simulator/record-store';
import { adminUserId, canvasId, rootAccountId } from './canvas-id.ts';
import { canvasTime, districtZone, localMidnight } from './local-midnight.ts';
import { textOf } from './text-of.ts';

export const collections = [
  'accounts',
  'terms',
  'grading_periods',
  'courses',
  'sections',
  'users',
  'enrollments',
  'assignment_groups',
  'assignments',
  'submissions',
] as const;
export type CollectionName = (typeof collections)[number];

/**
 * Pure. How a generated district looks in Canvas: a course for each school that teaches it, in the year's or the semester's term, with the
 * district's sections in it. Members in `hidden` are how the simulator finds records, and are not shown.
 */
export function districtToRecords(district: District): WireRecords<CollectionName> {
  const created_at = canvasTime(district.modifiedAt);
  const coursesById = new Map(district.courses.map((course) => [course.id, course]));
  const schoolsById = new Map(district.schools.map((school) => [school.id, school]));
  const sectionsById = new Map(district.sections.map((section) => [section.id, section]));
  const peopleById = new Map(district.people.map((person) => [person.id, person]));
  const placeOf = ({ courseId, schoolId }: Section) => canvasId('course', courseId, schoolId);
  const sectionsByPlace = Map.groupBy(district.sections, placeOf);
  const sisCourseId = ({ courseId, schoolId }: Section) =>
    `${courseId}-${schoolsById.get(schoolId)?.number ?? ''}`;
  const midnights = new Map<string, string>();

  function midnight(date: string): string {
    const known = midnights.get(date) ?? localMidnight(date);
    midnights.set(date, known);
    return known;
  }

  function account(id: string, name: string, sisId: string): JsonObject {
    const isRoot = id === rootAccountId;
    return {
      id,
      name,
      workflow_state: 'active',
      parent_account_id: isRoot ? null : rootAccountId,
      root_account_id: isRoot ? null : rootAccountId,
      default_storage_quota_mb: 500,
      default_user_storage_quota_mb: 50,
      default_group_storage_quota_mb: 50,
      default_time_zone: districtZone,
      sis_account_id: sisId,
      sis_import_id: null,
      integration_id: null,
    };
  }

  function term(
    id: string,
    name: string,
    sisId: string | null,
    start: string | null,
    end: string | null,
  ): JsonObject {
    const dates = { start_at: start, end_at: end, created_at };
    return {
      id,
      name,
      ...dates,
      workflow_state: 'active',
      grading_period_group_id: null,
      sis_term_id: sisId,
      sis_import_id: null,
    };
  }

  /** The year for what is taught all year, else the semester: a course of Canvas' has one term. */
  function termOf({ courseId, termIds }: Section): string {
    const isAllYear = coursesById.get(courseId)?.span === 'year';
    const semester = district.sessions.find(({ id }) => id === termIds[0])?.parentId;
    const year = district.sessions.find(({ kind }) => kind === 'schoolYear')?.id;
    return canvasId('term', (isAllYear ? year : semester) ?? '');
  }

  function course(id: string, section: Section): JsonObject {
    const { title = '', code = '' } = coursesById.get(section.courseId) ?? {};
    return {
      id,
      name: title,
      account_id: canvasId('account', section.schoolId),
      start_at: null,
      grading_standard_id: null,
      is_public: false,
      created_at,
      course_code: code,
      default_view: 'modules',
      root_account_id: rootAccountId,
      enrollment_term_id: termOf(section),
      license: 'private',
      end_at: null,
      apply_assignment_group_weights: true,
      time_zone: districtZone,
      blueprint: false,
      sis_course_id: sisCourseId(section),
      sis_import_id: null,
      integration_id: null,
      workflow_state: 'available',
    };
  }

  function section(one: Section): JsonObject {
    return {
      id: canvasId('section', one.id),
      course_id: placeOf(one),
      name: one.title,
      start_at: null,
      end_at: null,
      created_at,
      restrict_enrollments_to_section_dates: null,
      nonxlist_course_id: null,
      sis_section_id: one.id,
      sis_course_id: sisCourseId(one),
      integration_id: null,
      sis_import_id: null,
    };
  }

  function user(person: Person): JsonObject {
    const name = `${person.givenName} ${person.familyName}`;
    return {
      id: canvasId('user', person.id),
      name,
      created_at,
      sortable_name: `${person.familyName}, ${person.givenName}`,
      short_name: person.preferredName === undefined ? name : `${person.preferredName} ${person.familyName}`,
      sis_user_id: person.localId,
      integration_id: null,
      sis_import_id: null,
      login_id: person.username,
      email: person.email,
    };
  }

  function enrollment(one: District['enrollments'][number]): JsonObject {
    const place = sectionsById.get(one.sectionId);
    const type = one.role === 'teacher' ? 'TeacherEnrollment' : 'StudentEnrollment';
    return {
      id: canvasId('enrollment', one.id),
      user_id: canvasId('user', one.personId),
      course_id: place === undefined ? '' : placeOf(place),
      type,
      created_at,
      updated_at: canvasTime(one.modifiedAt),
      associated_user_id: null,
      start_at: midnight(one.beginDate),
      end_at: midnight(one.endDate),
      course_section_id: canvasId('section', one.sectionId),
      root_account_id: rootAccountId,
      limit_privileges_to_course_section: false,
      enrollment_state: 'active',
      role: type,
      role_id: one.role === 'teacher' ? '4' : '3',
      last_activity_at: null,
      total_activity_time: 0,
      sis_account_id: schoolsById.get(one.schoolId)?.number ?? null,
      sis_course_id: place === undefined ? null : sisCourseId(place),
      course_integration_id: null,
      sis_section_id: one.sectionId,
      section_integration_id: null,
      sis_user_id: peopleById.get(one.personId)?.localId ?? null,
      sis_import_id: null,
    };
  }

  function assignment(one: District['assignments'][number], position: number): readonly JsonObject[] {
    const place = sectionsById.get(one.sectionId);
    if (place === undefined) return [];
    const id = canvasId('assignment', one.id);
    const sectionId = canvasId('section', one.sectionId);
    // Alone in its course, a section needs no rule of its own.
    const isShared = (sectionsByPlace.get(placeOf(place))?.length ?? 0) > 1;
    const override = {
      id: canvasId('override', one.id),
      assignment_id: id,
      title: place.title,
      course_section_id: sectionId,
    };
    const record = {
      id,
      course_id: placeOf(place),
      section_id: sectionId,
      name: one.title,
      description: null,
      created_at,
      updated_at: created_at,
      due_at: `${one.dueOn}T23:59:00Z`,
      unlock_at: `${one.assignedOn}T08:00:00Z`,
      lock_at: null,
      points_possible: one.maximum,
      grading_type: 'points',
      assignment_group_id: canvasId('assignment_group', placeOf(place), one.categoryId),
      position,
      submission_types: ['on_paper'],
      workflow_state: 'published',
      published: true,
      has_overrides: isShared,
      only_visible_to_overrides: isShared,
      overrides: isShared ? [override] : [],
    };
    return [record];
  }

  const teacherOf = new Map(
    district.enrollments.filter(({ role }) => role === 'teacher').map((one) => [one.sectionId, one.personId]),
  );

  function submission(one: Score): readonly JsonObject[] {
    const place = sectionsById.get(one.sectionId);
    if (place === undefined) return [];
    const teacher = teacherOf.get(one.sectionId);
    const isThere = one.points !== undefined;
    const graded_at = isThere ? `${one.scoredOn}T18:00:00Z` : null;
    const authorId = teacher === undefined ? adminUserId : canvasId('user', teacher);
    const comment = (text: string) => ({
      id: canvasId('comment', one.id),
      author_id: authorId,
      comment: text,
      created_at: `${one.scoredOn}T18:00:00Z`,
    });
    const record = {
      id: canvasId('submission', one.id),
      course_id: placeOf(place),
      section_id: canvasId('section', one.sectionId),
      assignment_id: canvasId('assignment', one.assignmentId),
      user_id: canvasId('user', one.personId),
      ...gradeOf(one.points),
      submitted_at: null,
      submission_type: null,
      attempt: null,
      body: null,
      url: null,
      workflow_state: isThere ? 'graded' : 'unsubmitted',
      graded_at,
      posted_at: graded_at,
      grader_id: isThere ? authorId : null,
      grade_matches_current_submission: true,
      excused: false,
      late: one.late,
      missing: !isThere,
      late_policy_status: null,
      points_deducted: null,
      seconds_late: one.late ? 3600 : 0,
      submission_comments: one.comment === undefined ? [] : [comment(one.comment)],
    };
    return [record];
  }

  const gradedPlaces = new Set(
    district.assignments.flatMap(({ sectionId }) => {
      const place = sectionsById.get(sectionId);
      return place === undefined ? [] : [placeOf(place)];
    }),
  );

  return {
    accounts: [
      account(rootAccountId, district.name, '0001'),
      ...district.schools.map(({ id, name, number }) => account(canvasId('account', id), name, number)),
    ],
    terms: [
      term('1', 'Default Term', null, null, null),
      ...district.sessions
        .filter(({ kind }) => kind !== 'gradingPeriod')
        .map(({ id, title, startDate, endDate }) =>
          term(canvasId('term', id), title, id, midnight(startDate), midnight(endDate)),
        ),
    ],
    grading_periods: district.sessions
      .filter(({ kind }) => kind === 'gradingPeriod')
      .map(({ id, title, startDate, endDate }) => ({
        id: canvasId('grading_period', id),
        title,
        start_date: midnight(startDate),
        end_date: midnight(endDate),
        close_date: midnight(endDate),
        weight: null,
        is_closed: false,
      })),
    courses: [...sectionsByPlace].flatMap(([id, [first]]) =>
      first === undefined ? [] : [course(id, first)],
    ),
    sections: district.sections.map(section),
    users: district.people.map(user),
    enrollments: district.enrollments.map(enrollment),
    assignment_groups: [...gradedPlaces].flatMap((courseId) =>
      district.categories.map(({ id, title, weight }, position) => ({
        id: canvasId('assignment_group', courseId, id),
        course_id: courseId,
        name: title,
        position: position + 1,
        group_weight: weight,
        sis_source_id: null,
        integration_data: {},
        rules: {},
      })),
    ),
    assignments: district.assignments.flatMap(assignment),
    submissions: district.scores.flatMap(submission),
  };
}

/** Pure. Points as Canvas tells them: as a number, and as a grade, which is a text. */
export function gradeOf(points: number | undefined): JsonObject {
  const score = points ?? null;
  const grade = points === undefined ? null : textOf(points);
  return { score, grade, entered_score: score, entered_grade: grade };
}
