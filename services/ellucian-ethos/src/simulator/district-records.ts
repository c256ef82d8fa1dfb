import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type { District, Meeting, Person, Race, Session } from '@flotilla/substrate/testing/district/district';
import type { WireRecords } from '@flotilla/substrate/testing/simulator/record-store';
import { guid } from './guid.ts';
import type { ResourceName } from './resources.ts';

type Item<T> = T extends readonly (infer One)[] ? One : never;
type Section = Item<District['sections']>;

/** What the whole tenant has one of. */
export const level = guid('academic-levels', 'UG');
export const lecture = guid('instructional-methods', 'LEC');
export const longTitle = guid('section-title-types', 'long');
const shortTitle = guid('section-title-types', 'short');
const scheme = guid('grade-schemes', 'standard');
const letters = ['A', 'B', 'C', 'D', 'F'] as const;

/** Pure. The district as a university's ERP would show it by Ethos: schools are its sites, terms and semesters its terms. */
export function districtToRecords(district: District): WireRecords<ResourceName> {
  const sessions = new Map(district.sessions.map((session) => [session.id, session]));
  const institution = guid('educational-institutions', district.id);
  const buildings = new Map<string, JsonObject>();
  const rooms = new Map<string, JsonObject>();

  function period({ id, title, kind, startDate, endDate, parentId }: Session): JsonObject {
    const types = { schoolYear: 'year', semester: 'term', term: 'term', gradingPeriod: 'subterm' } as const;
    const type = types[kind];
    // A term stands below its year: there is nothing between the two.
    const above = kind === 'term' ? sessions.get(parentId ?? '')?.parentId : parentId;
    return {
      id: guid('academic-periods', id),
      code: id.slice(4).toUpperCase(),
      title,
      startOn: midnight(startDate),
      endOn: midnight(endDate),
      category: { type, ...(above === undefined ? {} : { parent: ref('academic-periods', above) }) },
      registration: 'open',
    };
  }

  /** The one period that spans all terms of a section. */
  function periodOf({ termIds }: Section): Session | undefined {
    const terms = termIds.map((id) => sessions.get(id));
    const [start, end] = [terms[0]?.startDate, terms.at(-1)?.endDate];
    return district.sessions.find((one) => one.startDate === start && one.endDate === end);
  }

  function section(one: Section): JsonObject {
    const spanned = periodOf(one);
    return {
      metadata: { modifiedOn: one.modifiedAt },
      id: guid('sections', one.id),
      code: one.code,
      titles: [
        { type: { id: shortTitle }, value: one.title.slice(0, 8) },
        { type: { id: longTitle }, value: one.title },
      ].filter(({ value, type }) => type.id === longTitle || value !== one.title),
      startOn: spanned?.startDate ?? '',
      endOn: spanned?.endDate ?? '',
      number: one.title.split(' - ').at(-1) ?? '1',
      academicPeriod: ref('academic-periods', spanned?.id ?? ''),
      reportingAcademicPeriod: ref('academic-periods', spanned?.id ?? ''),
      course: ref('courses', one.courseId),
      site: ref('sites', one.schoolId),
      academicLevels: [{ id: level }],
      instructionalMethods: [{ id: lecture }],
      status: { category: 'open' },
      alternateIds: [{ title: 'Source Key', value: one.id }],
    };
  }

  function event(one: Section, meeting: Meeting): JsonObject {
    const { startDate = '', endDate = '' } = periodOf(one) ?? {};
    const at = (date: string, time: string) => `${date}T${time}:00-07:00`;
    return {
      id: guid('instructional-events', meeting.id),
      section: ref('sections', one.id),
      instructionalMethod: { id: lecture },
      recurrence: {
        timePeriod: { startOn: at(startDate, meeting.startTime), endOn: at(endDate, meeting.endTime) },
        repeatRule: { type: 'weekly', interval: 1, daysOfWeek: [...meeting.days], ends: { date: endDate } },
      },
      locations: [{ location: { type: 'room', room: { id: roomOf(one, meeting) } } }],
    };
  }

  function roomOf({ schoolId }: Section, { building, room }: Meeting): string {
    const key = `${schoolId} ${building}`;
    const buildingId = guid('buildings', key);
    buildings.set(key, {
      id: buildingId,
      code: building.slice(0, 4).toUpperCase(),
      title: building,
      site: ref('sites', schoolId),
    });
    const id = guid('rooms', `${key} ${room}`);
    rooms.set(id, { id, title: `${building} ${room}`, number: room, building: { id: buildingId } });
    return id;
  }

  /** Final grades: of each student and section that has scores, what they come to. */
  function transcriptGrades(): JsonObject[] {
    const maxima = new Map(district.assignments.map(({ id, maximum }) => [id, maximum]));
    const byPlace = Map.groupBy(district.scores, ({ sectionId, personId }) => `${sectionId} ${personId}`);
    return [...byPlace].map(([place, scores]) => {
      const points = scores.reduce((sum, { points = 0 }) => sum + points, 0);
      const most = scores.reduce((sum, { assignmentId }) => sum + (maxima.get(assignmentId) ?? 0), 0);
      const letter = letters[Math.min(4, Math.floor((1 - points / most) * 10))] ?? 'F';
      const [first] = scores;
      return {
        id: guid('student-transcript-grades', place),
        student: ref('persons', first?.personId ?? ''),
        course: { section: ref('sections', first?.sectionId ?? '') },
        grade: { id: guid('grade-definitions', letter) },
        awardGradeScheme: { id: scheme },
        recordedOn:
          scores
            .map(({ scoredOn }) => scoredOn)
            .toSorted()
            .at(-1) ?? '',
      };
    });
  }

  const events = district.sections.flatMap((one) => one.meetings.map((meeting) => event(one, meeting)));
  const subjects = new Map(district.courses.map((course) => [course.subjectCode, course]));
  return {
    'academic-levels': [{ id: level, code: 'UG', title: 'Undergraduate' }],
    'academic-periods': district.sessions.map(period),
    courses: district.courses.map((course) => ({
      id: guid('courses', course.id),
      titles: [{ type: { id: guid('course-title-types', 'long') }, value: course.title }],
      number: course.code,
      subject: ref('subjects', course.subjectCode),
      academicLevels: [{ id: level }],
      status: { id: guid('course-statuses', 'A') },
      schedulingStartOn: `${district.schoolYear - 1}-07-01`,
    })),
    'educational-institution-units': [],
    'educational-institutions': [
      { id: institution, title: district.name, type: 'postSecondarySchool', homeInstitution: 'home' },
      {
        id: guid('educational-institutions', 'external'),
        title: 'Cedar Falls Preparatory',
        type: 'secondarySchool',
        homeInstitution: 'external',
      },
    ],
    'grade-definitions': letters.map((letter) => ({
      id: guid('grade-definitions', letter),
      scheme: { id: scheme },
      grade: { type: 'literal', value: letter },
    })),
    'instructional-events': events,
    'instructional-methods': [{ id: lecture, abbreviation: 'LEC', title: 'Lecture' }],
    persons: district.people.map(personRecord),
    'persons-credentials': district.people.map((person) => ({
      id: guid('persons', person.id),
      credentials: credentialsOf(person),
    })),
    buildings: [...buildings.values()],
    rooms: [...rooms.values()],
    'section-instructors': district.enrollments
      .filter(({ role }) => role === 'teacher')
      .map((one) => ({
        id: guid('section-instructors', one.id),
        instructor: ref('persons', one.personId),
        section: ref('sections', one.sectionId),
        instructorRole: 'primary',
        responsibilityPercentage: 100,
        workStartOn: one.beginDate,
        workEndOn: one.endDate,
      })),
    'section-registrations': district.enrollments
      .filter(({ role }) => role === 'student')
      .map((one) => ({
        metadata: { modifiedOn: one.modifiedAt },
        id: guid('section-registrations', one.id),
        registrant: ref('persons', one.personId),
        section: ref('sections', one.sectionId),
        academicLevel: { id: level },
        originallyRegisteredOn: one.beginDate,
        status: {
          registrationStatus: 'registered',
          sectionRegistrationStatusReason: 'registered',
          detail: { id: guid('section-registration-statuses', 'RE') },
        },
        statusDate: one.beginDate,
        involvement: { startOn: one.beginDate, endOn: one.endDate },
      })),
    'section-title-types': [
      { id: longTitle, code: 'long', title: 'Long' },
      { id: shortTitle, code: 'short', title: 'Short' },
    ],
    sections: district.sections.map(section),
    sites: district.schools.map((school) => ({
      id: guid('sites', school.id),
      code: school.number,
      title: school.name,
      institution: { id: institution },
    })),
    'student-transcript-grades': transcriptGrades(),
    subjects: [...subjects.values()].map(({ subjectCode, subject }) => ({
      id: guid('subjects', subjectCode),
      abbreviation: subjectCode,
      title: subject,
    })),
  };
}

function personRecord(person: Person): JsonObject {
  const { givenName, middleName, familyName, preferredName, demographics } = person;
  const parts = {
    firstName: givenName,
    ...(middleName === undefined ? {} : { middleName }),
    lastName: familyName,
  };
  const full = (...names: readonly (string | undefined)[]) =>
    names.filter((name) => name !== undefined).join(' ');
  const legal = {
    type: { category: 'legal' },
    ...(preferredName === undefined ? { preference: 'preferred' } : {}),
    fullName: full(givenName, middleName, familyName),
    ...parts,
  };
  const chosen = {
    type: { category: 'personal' },
    preference: 'preferred',
    fullName: full(preferredName, middleName, familyName),
    ...parts,
    firstName: preferredName ?? '',
  };
  const roles = { student: 'student', teacher: 'instructor', guardian: undefined } as const;
  const role = person.role in roles ? roles[person.role as keyof typeof roles] : 'employee';
  const [code = '', ...number] = person.phone?.split(' ') ?? [];
  return {
    metadata: { modifiedOn: person.modifiedAt },
    id: guid('persons', person.id),
    privacyStatus: { privacyCategory: 'unrestricted' },
    names: preferredName === undefined ? [legal] : [legal, chosen],
    ...(demographics === undefined
      ? {}
      : {
          dateOfBirth: demographics.birthDate,
          gender: demographics.sex,
          races: demographics.races.map((race) => ({
            reporting: reportedAs('racialCategory', raceNames[race]),
          })),
          ethnicity: {
            reporting: reportedAs('ethnicCategory', demographics.hispanic ? 'hispanic' : 'nonHispanic'),
          },
        }),
    ...(role === undefined ? {} : { roles: [{ role }] }),
    credentials: credentialsOf(person),
    emails: [{ type: { emailType: 'school' }, preference: 'primary', address: person.email }],
    ...(person.phone === undefined
      ? {}
      : {
          phones: [
            {
              type: { phoneType: 'home' },
              preference: 'primary',
              countryCallingCode: code,
              number: number.join(' '),
            },
          ],
        }),
  };
}

function credentialsOf({ localId, username }: Person): JsonObject[] {
  return [
    { type: 'bannerId', value: localId },
    { type: 'bannerUserName', value: username },
  ];
}

function reportedAs(member: string, category: string): JsonValue {
  return [{ country: { code: 'USA', [member]: category } }];
}

const raceNames: Readonly<Record<Race, string>> = {
  'american-indian': 'americanIndianOrAlaskaNative',
  asian: 'asian',
  black: 'blackOrAfricanAmerican',
  'pacific-islander': 'hawaiianOrPacificIslander',
  white: 'white',
};

function ref(kind: ResourceName, id: string): JsonObject {
  return { id: guid(kind, id) };
}

/** Periods are dated as moments. */
function midnight(date: string): string {
  return `${date}T00:00:00Z`;
}
