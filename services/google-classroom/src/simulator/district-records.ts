import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type {
  Assignment,
  District,
  Person,
  PersonRole,
  Score,
  Section,
} from '@flotilla/substrate/testing/district/district';
import type { WireRecords } from '@flotilla/substrate/testing/simulator/record-store';
import { joinIds } from '@flotilla/substrate/vendor';
import { digits, numberOf, submissionId, userId } from './google-id.ts';
import { textOf } from './text-of.ts';

export const collections = [
  'organizationUnits',
  'users',
  'guardians',
  'courses',
  'members',
  'topics',
  'courseWork',
  'studentSubmissions',
] as const;
export type CollectionName = (typeof collections)[number];

/** Pure. Under which id the simulator keeps a record: ids that are unique only within something have that before them. */
export function idOf(record: JsonObject, collection: CollectionName): string {
  return joinIds(...idMembers[collection].map((name) => textOf(record[name])));
}

const idMembers: Readonly<Record<CollectionName, readonly string[]>> = {
  organizationUnits: ['orgUnitPath'],
  users: ['id'],
  guardians: ['studentId', 'guardianId'],
  courses: ['id'],
  members: ['courseId', 'list', 'userId'],
  topics: ['courseId', 'topicId'],
  courseWork: ['courseId', 'id'],
  studentSubmissions: ['courseId', 'courseWorkId', 'id'],
};

const titles: Readonly<Record<PersonRole, string>> = {
  student: 'Student',
  teacher: 'Teacher',
  principal: 'Principal',
  'school-administrator': 'School Administrator',
  'district-administrator': 'District Administrator',
  guardian: 'Guardian',
};

const ordinals = ['th', 'st', 'nd', 'rd'];

/** Pure. How a generated district looks at Google. False, zero and empty are left out, as protocol buffers do. */
export function districtToRecords(district: District): WireRecords<CollectionName> {
  const { modifiedAt } = district;
  const peopleById = new Map(district.people.map((person) => [person.id, person]));
  const schoolsById = new Map(district.schools.map((school) => [school.id, school]));
  const coursesById = new Map(district.courses.map((course) => [course.id, course]));
  const assignmentsById = new Map(district.assignments.map((assignment) => [assignment.id, assignment]));
  const ownersBySection = new Map(
    district.enrollments.flatMap(({ role, sectionId, personId }) =>
      role === 'teacher' ? [[sectionId, userId(personId)] as const] : [],
    ),
  );
  const graded = new Set(district.assignments.map(({ sectionId }) => sectionId));

  function unit(name: string, path: string, parent?: string): JsonObject {
    return compact({
      kind: 'admin#directory#orgUnit',
      name,
      orgUnitPath: path,
      orgUnitId: `id:03ph8a2z${digits(10, 'unit', path)}`,
      parentOrgUnitPath: parent,
      parentOrgUnitId: parent === undefined ? undefined : `id:03ph8a2z${digits(10, 'unit', parent)}`,
    });
  }

  function units(): JsonObject[] {
    const schools = district.schools.flatMap(({ name }) => [
      unit(name, `/Schools/${name}`, '/Schools'),
      unit('Students', `/Schools/${name}/Students`, `/Schools/${name}`),
      unit('Staff', `/Schools/${name}/Staff`, `/Schools/${name}`),
    ]);
    return [unit(district.name, '/'), unit('Schools', '/Schools', '/'), ...schools];
  }

  function unitOf({ role, schoolIds }: Person): string {
    const school = schoolsById.get(schoolIds[0] ?? '');
    if (school === undefined) return '/';
    return `/Schools/${school.name}/${role === 'student' ? 'Students' : 'Staff'}`;
  }

  function user(person: Person): JsonObject {
    return compact({
      kind: 'admin#directory#user',
      id: userId(person.id),
      primaryEmail: person.email,
      name: nameOf(person),
      isAdmin: false,
      isDelegatedAdmin: person.role === 'district-administrator',
      creationTime: modifiedAt,
      agreedToTerms: true,
      suspended: false,
      archived: false,
      changePasswordAtNextLogin: false,
      ipWhitelisted: false,
      emails: [{ address: person.email, primary: true }],
      externalIds: [{ value: person.localId, type: 'organization' }],
      organizations: [{ title: titles[person.role], primary: true, customType: '', type: 'school' }],
      phones: person.phone === undefined ? undefined : [{ value: person.phone, type: 'work', primary: true }],
      customerId: 'C03az79cb',
      orgUnitPath: unitOf(person),
      isMailboxSetup: true,
      includeInGlobalAddressList: true,
    });
  }

  function guardians(): JsonObject[] {
    return district.people
      .filter(({ role }) => role === 'guardian')
      .flatMap((guardian) =>
        guardian.relatedIds
          .filter((id) => peopleById.has(id))
          .map((studentId) => ({
            studentId: userId(studentId),
            guardianId: userId(guardian.id),
            guardianProfile: profileOf(guardian),
            invitedEmailAddress: guardian.email,
          })),
      );
  }

  function course(section: Section): JsonObject {
    const id = numberOf('course', section.id);
    const taught = coursesById.get(section.courseId);
    const slug = `${section.code.toLowerCase()}-${id.slice(-4)}`;
    return compact({
      id,
      name: section.title,
      section: section.code,
      descriptionHeading: taught?.title,
      description: `What you learn in ${taught?.title ?? section.title}, week by week.`,
      room: section.room,
      ownerId: ownersBySection.get(section.id),
      creationTime: modifiedAt,
      updateTime: section.modifiedAt,
      enrollmentCode: Number(id).toString(36).slice(-7),
      courseState: 'ACTIVE',
      alternateLink: `https://classroom.google.com/c/${id}`,
      teacherGroupEmail: `${slug}_teachers@maplevalley.example`,
      courseGroupEmail: `${slug}@maplevalley.example`,
      calendarId: `classroom${digits(21, 'calendar', id)}@group.calendar.google.com`,
      subject: taught?.subject,
      levels: levelsOf(section.grade),
      gradebookSettings: graded.has(section.id)
        ? {
            calculationType: 'WEIGHTED_CATEGORIES',
            displaySetting: 'HIDE_OVERALL_GRADE',
            gradeCategories: district.categories.map((one) => categoryOf(section.id, one)),
          }
        : { calculationType: 'TOTAL_POINTS', displaySetting: 'HIDE_OVERALL_GRADE' },
    });
  }

  function categoryOf(sectionId: string, { id, title, weight }: District['categories'][number]): JsonObject {
    return { id: numberOf('category', sectionId, id), name: title, weight: weight * 10_000 };
  }

  function member({ sectionId, personId, role }: District['enrollments'][number]): JsonObject[] {
    const person = peopleById.get(personId);
    if (person === undefined) return [];
    const courseId = numberOf('course', sectionId);
    return [{ courseId, userId: userId(personId), profile: profileOf(person), list: `${role}s` }];
  }

  function topics(): JsonObject[] {
    return [...graded].flatMap((sectionId) =>
      district.sessions
        .filter(({ kind }) => kind === 'term')
        .map(({ id, title }) => ({
          courseId: numberOf('course', sectionId),
          topicId: numberOf('topic', sectionId, id),
          name: title,
          updateTime: modifiedAt,
        })),
    );
  }

  function work(assignment: Assignment): JsonObject {
    const { sectionId, categoryId, gradingPeriodId } = assignment;
    const courseId = numberOf('course', sectionId);
    const id = numberOf('work', assignment.id);
    const category = district.categories.find((one) => one.id === categoryId);
    return compact({
      courseId,
      id,
      title: assignment.title,
      state: 'PUBLISHED',
      alternateLink: `https://classroom.google.com/c/${courseId}/a/${id}/details`,
      creationTime: `${assignment.assignedOn}T08:00:00.000Z`,
      updateTime: modifiedAt,
      ...dueAt(assignment.dueOn),
      maxPoints: assignment.maximum,
      workType: 'ASSIGNMENT',
      submissionModificationMode: 'MODIFIABLE_UNTIL_TURNED_IN',
      assigneeMode: 'ALL_STUDENTS',
      associatedWithDeveloper: isOurs(assignment) || undefined,
      creatorUserId: ownersBySection.get(sectionId),
      topicId: numberOf('topic', sectionId, gradingPeriodId.replace(/-gp$/, '')),
      gradeCategory: category === undefined ? undefined : categoryOf(sectionId, category),
      gradingPeriodId: numberOf('period', sectionId, gradingPeriodId),
    });
  }

  function submission(score: Score): JsonObject {
    const { points, late, sectionId } = score;
    const assignment = assignmentsById.get(score.assignmentId);
    const courseId = numberOf('course', sectionId);
    const courseWorkId = numberOf('work', score.assignmentId);
    return compact({
      courseId,
      courseWorkId,
      id: submissionId(score.id),
      userId: userId(score.personId),
      creationTime: modifiedAt,
      updateTime: score.modifiedAt,
      state: points === undefined ? 'CREATED' : 'RETURNED',
      late: late || undefined,
      draftGrade: points,
      assignedGrade: points,
      alternateLink: `https://classroom.google.com/c/${courseId}/a/${courseWorkId}/submissions/student/${userId(score.personId)}`,
      courseWorkType: 'ASSIGNMENT',
      assignmentSubmission: {},
      associatedWithDeveloper: (assignment !== undefined && isOurs(assignment)) || undefined,
      submissionHistory: points === undefined ? undefined : historyOf(score, assignment),
    });
  }

  function historyOf(
    { points, scoredOn, personId, sectionId }: Score,
    assignment?: Assignment,
  ): JsonObject[] {
    const at = `${scoredOn}T15:00:00.000Z`;
    const grade = {
      pointsEarned: points ?? 0,
      maxPoints: assignment?.maximum ?? 0,
      gradeTimestamp: at,
      actorUserId: ownersBySection.get(sectionId) ?? '',
    };
    return [
      {
        stateHistory: {
          state: 'TURNED_IN',
          stateTimestamp: `${assignment?.dueOn ?? scoredOn}T12:00:00.000Z`,
          actorUserId: userId(personId),
        },
      },
      { gradeHistory: { ...grade, gradeChangeType: 'DRAFT_GRADE_POINTS_EARNED_CHANGE' } },
      { gradeHistory: { ...grade, gradeChangeType: 'ASSIGNED_GRADE_POINTS_EARNED_CHANGE' } },
    ];
  }

  return {
    organizationUnits: units(),
    users: district.people.filter(({ role }) => role !== 'guardian').map(user),
    guardians: guardians(),
    courses: district.sections.map(course),
    members: district.enrollments.flatMap(member),
    topics: topics(),
    courseWork: district.assignments.map(work),
    studentSubmissions: district.scores.map(submission),
  };
}

/** What Flotilla's project has made; the rest teachers made by hand. Every other one. */
function isOurs({ id }: Assignment): boolean {
  return Number(id.slice(-1)) % 2 === 1;
}

function nameOf({ givenName, familyName }: Person): JsonObject {
  return { givenName, familyName, fullName: `${givenName} ${familyName}` };
}

function profileOf(person: Person): JsonObject {
  const permissions = person.role === 'student' ? {} : { permissions: [{ permission: 'CREATE_COURSE' }] };
  return {
    id: userId(person.id),
    name: nameOf(person),
    emailAddress: person.email,
    ...(person.role === 'guardian' ? {} : permissions),
    ...(person.role === 'teacher' ? { verifiedTeacher: true } : {}),
  };
}

function levelsOf(grade: string): string {
  if (grade === 'KG') return 'Kindergarten';
  const number = Number(grade);
  return `${number}${ordinals[number] ?? 'th'} grade`;
}

function dueAt(day: string): JsonObject {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  return { dueDate: { year, month, day: date }, dueTime: { hours: 23, minutes: 59 } };
}

function compact(members: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  const record: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(members)) if (value !== undefined) record[name] = value;
  return record;
}
