import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { District, Person, Section, Session } from '@flotilla/substrate/testing/district/district';
import {
  attendanceWords,
  category,
  classifications,
  descriptor,
  gradeLevel,
  ordinals,
  raceWords,
  scoreResult,
  termWord,
} from './descriptors.ts';
import { keepKnown, type Members } from './keep-known.ts';
import type { Standard } from './standard.ts';

/** The namespace of what the district has itself. */
const namespace = 'uri://maplevalley.example';
const leaId = 1;

/**
 * Pure. A generated district as a host of the standard's version has it, without what the host adds itself (`id`, `_etag`, `link`). Sessions
 * are a school's; a section is of the shortest one that covers its terms.
 */
export function districtToRecords(district: District, standard: Standard): Record<string, JsonObject[]> {
  const { schoolYear } = district;
  const schools = new Map(district.schools.map((school) => [school.id, Number(school.number)]));
  const coursesById = new Map(district.courses.map((course) => [course.id, course]));
  const people = new Map(district.people.map((person) => [person.id, person]));
  const sections = new Map(district.sections.map((section) => [section.id, section]));
  const assignments = new Map(district.assignments.map((one) => [one.id, one]));
  const assessments = new Map(district.assessments.map((one) => [one.id, one]));
  const periods = district.sessions.filter(({ kind }) => kind === 'gradingPeriod');
  const year = district.sessions.find(({ kind }) => kind === 'schoolYear');

  const schoolOf = (id: string) => ({ schoolId: schools.get(id) ?? 0 });
  const student = (id: string) => ({ studentReference: { studentUniqueId: people.get(id)?.localId ?? '' } });

  function sessionOf(section: Section): Session | undefined {
    const covering = district.sessions.filter((session) => section.termIds.every((id) => isIn(id, session)));
    return covering.toSorted((a, b) => length(a) - length(b))[0];
  }
  function isIn(id: string, session: Session): boolean {
    if (id === session.id) return true;
    const parent = district.sessions.find((one) => one.id === id)?.parentId;
    return parent !== undefined && isIn(parent, session);
  }
  function offeringOf(section: Section): JsonObject {
    const { code = '' } = coursesById.get(section.courseId) ?? {};
    const sessionName = sessionOf(section)?.title ?? '';
    return { localCourseCode: code, ...schoolOf(section.schoolId), schoolYear, sessionName };
  }
  const keysBySection = new Map(
    district.sections.map((section) => [
      section.id,
      { sectionReference: { ...offeringOf(section), sectionIdentifier: section.code } },
    ]),
  );
  const keyOf = (sectionId: string) => keysBySection.get(sectionId) ?? { sectionReference: {} };
  const periodName = (session: Session) => ({
    gradingPeriodDescriptor: descriptor('GradingPeriod', `${ordinals[periods.indexOf(session)]} Nine Weeks`),
    gradingPeriodName: session.title,
    periodSequence: periods.indexOf(session) + 1,
  });
  const named = (person: Person, at = person.modifiedAt) => ({
    firstName: person.givenName,
    middleName: person.middleName,
    lastSurname: person.familyName,
    preferredFirstName: person.preferredName,
    _lastModifiedDate: at,
  });
  const mailsOf = (person: Person, type: string) => ({
    electronicMails: [
      {
        electronicMailAddress: person.email,
        electronicMailTypeDescriptor: descriptor('ElectronicMailType', type),
        primaryEmailAddressIndicator: true,
      },
    ],
    loginId: person.username,
  });
  const phonesOf = ({ phone }: Person) =>
    phone === undefined
      ? {}
      : {
          telephones: [
            {
              telephoneNumber: phone,
              telephoneNumberTypeDescriptor: descriptor('TelephoneNumberType', 'Work'),
              orderOfPriority: 1,
            },
          ],
        };
  const of = (...roles: Person['role'][]) => district.people.filter(({ role }) => roles.includes(role));
  const students = of('student');
  const staff = of('teacher', 'principal', 'school-administrator', 'district-administrator');
  const everySchool = <T>(make: (school: District['schools'][number]) => readonly T[]) =>
    district.schools.flatMap(make);

  const all: Record<string, readonly Members[]> = {
    schoolYearTypes: [schoolYear - 1, schoolYear, schoolYear + 1].map((one) => ({
      schoolYear: one,
      currentSchoolYear: one === schoolYear,
      schoolYearDescription: `${one - 1}-${one}`,
    })),
    localEducationAgencies: [
      {
        localEducationAgencyId: leaId,
        nameOfInstitution: district.name,
        localEducationAgencyCategoryDescriptor: descriptor('LocalEducationAgencyCategory', 'Independent'),
        categories: [category('Local Education Agency')],
      },
    ],
    schools: district.schools.map((school) => ({
      schoolId: Number(school.number),
      nameOfInstitution: school.name,
      educationOrganizationCategories: [category('School')],
      gradeLevels: [
        ...new Set(students.filter((one) => one.schoolIds[0] === school.id).map((one) => one.grade ?? '')),
      ]
        .toSorted()
        .map(gradeLevel),
      localEducationAgencyReference: { localEducationAgencyId: leaId },
    })),
    gradingPeriods: everySchool(({ id }) =>
      periods.map((session) => ({ ...periodName(session), ...placeAndTime(session, schoolOf(id)) })),
    ),
    sessions: everySchool(({ id }) =>
      district.sessions
        .filter(({ kind }) => kind !== 'gradingPeriod')
        .map((session) => ({
          sessionName: session.title,
          ...placeAndTime(session, schoolOf(id)),
          termDescriptor: descriptor('Term', termWord(session)),
          gradingPeriods: periods
            .filter((period) => isIn(period.id, session))
            .map((period) => ({
              gradingPeriodReference: { ...periodName(period), ...schoolOf(id), schoolYear },
            })),
        })),
    ),
    classPeriods: everySchool(({ id }) =>
      ['1', '2', '3', '4', '5', '6', '7', '8'].map((classPeriodName) => ({
        classPeriodName,
        schoolReference: schoolOf(id),
        meetingTimes: [
          { startTime: `${Number(classPeriodName) + 7}:00:00`.padStart(8, '0'), endTime: '16:00:00' },
        ],
      })),
    ),
    locations: everySchool(({ id }) =>
      [...new Set(district.sections.filter((one) => one.schoolId === id).map(({ room }) => room))].map(
        (room) => ({
          classroomIdentificationCode: room,
          schoolReference: schoolOf(id),
        }),
      ),
    ),
    courses: district.courses.map((course) => ({
      courseCode: course.code,
      courseTitle: course.title,
      numberOfParts: 1,
      identificationCodes: [
        {
          courseIdentificationSystemDescriptor: descriptor('CourseIdentificationSystem', 'LEA course code'),
          identificationCode: course.code,
        },
      ],
      educationOrganizationReference: { educationOrganizationId: leaId },
      academicSubjects: [{ academicSubjectDescriptor: descriptor('AcademicSubject', course.subject) }],
      academicSubjectDescriptor: descriptor('AcademicSubject', course.subject),
      offeredGradeLevels: [gradeLevel(course.grade)],
    })),
    courseOfferings: onceEach(
      district.sections.map((section) => {
        const { localCourseCode = '', ...session } = offeringOf(section);
        const course = coursesById.get(section.courseId);
        return {
          localCourseCode,
          localCourseTitle: course?.title,
          courseReference: { courseCode: localCourseCode, educationOrganizationId: leaId },
          schoolReference: schoolOf(section.schoolId),
          sessionReference: session,
          offeredGradeLevels: [gradeLevel(section.grade)],
        };
      }),
    ),
    sections: district.sections.map((section) => ({
      sectionIdentifier: section.code,
      sectionName: section.title,
      courseOfferingReference: offeringOf(section),
      locationReference: { classroomIdentificationCode: section.room, ...schoolOf(section.schoolId) },
      classPeriods: [
        { classPeriodReference: { classPeriodName: section.period, ...schoolOf(section.schoolId) } },
      ],
      offeredGradeLevels: [gradeLevel(section.grade)],
      _lastModifiedDate: section.modifiedAt,
    })),
    students: students.map((person) => ({
      studentUniqueId: person.localId,
      ...named(person),
      birthDate: person.demographics?.birthDate,
      birthCity: person.demographics?.birthPlace?.city,
    })),
    staffs: staff.map((person) => ({
      staffUniqueId: person.localId,
      ...named(person),
      ...mailsOf(person, 'Work'),
      ...phonesOf(person),
    })),
    ...Object.fromEntries(
      // Contacts were called parents before Data Standard 5.
      [standard.resources.has('contacts') ? 'contact' : 'parent'].map((name) => [
        `${name}s`,
        of('guardian').map((person) => ({
          [`${name}UniqueId`]: person.localId,
          ...named(person),
          ...mailsOf(person, 'Home/Personal'),
          ...phonesOf(person),
        })),
      ]),
    ),
    studentSchoolAssociations: students.map((person) => ({
      entryDate: year?.startDate,
      schoolReference: schoolOf(person.schoolIds[0] ?? ''),
      ...student(person.id),
      entryGradeLevelDescriptor: gradeLevel(person.grade ?? '').gradeLevelDescriptor,
      primarySchool: true,
    })),
    staffEducationOrganizationAssignmentAssociations: staff.flatMap((person) =>
      (person.schoolIds.length === 0 ? [leaId] : person.schoolIds.map((id) => schools.get(id) ?? 0)).map(
        (educationOrganizationId) => ({
          beginDate: year?.startDate,
          educationOrganizationReference: { educationOrganizationId },
          staffReference: { staffUniqueId: person.localId },
          staffClassificationDescriptor: descriptor(
            'StaffClassification',
            classifications[person.role] ?? 'Other',
          ),
          _lastModifiedDate: person.modifiedAt,
        }),
      ),
    ),
    studentEducationOrganizationAssociations: students.map((person) => ({
      educationOrganizationReference: { educationOrganizationId: leaId },
      ...student(person.id),
      sexDescriptor: descriptor('Sex', person.demographics?.sex === 'female' ? 'Female' : 'Male'),
      hispanicLatinoEthnicity: person.demographics?.hispanic,
      races: person.demographics?.races.map((race) => ({
        raceDescriptor: descriptor('Race', raceWords[race]),
      })),
      ...mailsOf(person, 'Organization'),
      _lastModifiedDate: person.modifiedAt,
    })),
    studentSectionAssociations: district.enrollments
      .filter(({ role }) => role === 'student')
      .map((one) => ({ ...keyOf(one.sectionId), ...student(one.personId), ...attended(one) })),
    staffSectionAssociations: district.enrollments
      .filter(({ role }) => role === 'teacher')
      .map((one) => ({
        ...keyOf(one.sectionId),
        staffReference: { staffUniqueId: people.get(one.personId)?.localId ?? '' },
        classroomPositionDescriptor: descriptor('ClassroomPosition', 'Teacher of Record'),
        ...attended(one),
      })),
    gradebookEntryTypeDescriptors: district.categories.map(({ title }) => ({
      namespace: `${namespace}/GradebookEntryTypeDescriptor`,
      codeValue: title,
      shortDescription: title,
    })),
    gradebookEntries: district.assignments.map((one) => {
      const period = periods.find(({ id }) => id === one.gradingPeriodId);
      const type = district.categories.find(({ id }) => id === one.categoryId)?.title;
      return {
        namespace,
        gradebookEntryIdentifier: one.id,
        title: one.title,
        dateAssigned: one.assignedOn,
        dueDate: one.dueOn,
        dueTime: '23:59:00',
        maxPoints: one.maximum,
        gradebookEntryTypeDescriptor: `${namespace}/GradebookEntryTypeDescriptor#${type}`,
        ...keyOf(one.sectionId),
        sourceSectionIdentifier: sections.get(one.sectionId)?.code,
        gradingPeriodReference:
          period === undefined ? undefined : { ...periodName(period), ...schoolOf(one.schoolId), schoolYear },
      };
    }),
    studentGradebookEntries: district.scores.map((one) => ({
      gradebookEntryReference: {
        namespace,
        gradebookEntryIdentifier: assignments.get(one.assignmentId)?.id ?? '',
      },
      ...student(one.personId),
      pointsEarned: one.points,
      dateFulfilled: one.points === undefined ? undefined : one.scoredOn,
      diagnosticStatement: one.comment,
      assignmentLateStatusDescriptor: descriptor('AssignmentLateStatus', one.late ? 'Late' : 'Not Late'),
      submissionStatusDescriptor: descriptor(
        'SubmissionStatus',
        one.points === undefined ? 'Missing' : 'Submitted',
      ),
      _lastModifiedDate: one.modifiedAt,
    })),
    studentSectionAttendanceEvents: district.attendance.flatMap((one) =>
      one.sectionId === undefined
        ? []
        : [{ ...student(one.personId), ...keyOf(one.sectionId), ...marked(one) }],
    ),
    studentSchoolAttendanceEvents: district.attendance
      .filter(({ sectionId }) => sectionId === undefined)
      .map((one) => ({
        ...student(one.personId),
        schoolReference: schoolOf(one.schoolId),
        sessionReference: { ...schoolOf(one.schoolId), schoolYear, sessionName: year?.title ?? '' },
        ...marked(one),
      })),
    assessments: district.assessments.map((one) => ({
      namespace: `${namespace}/Assessment`,
      assessmentIdentifier: one.identifier,
      assessmentTitle: one.title,
      academicSubjects: [{ academicSubjectDescriptor: descriptor('AcademicSubject', one.subject) }],
      assessedGradeLevels: [gradeLevel(one.grade)],
      scores: [
        {
          assessmentReportingMethodDescriptor: descriptor('AssessmentReportingMethod', 'Scale score'),
          minimumScore: String(one.minimum),
          maximumScore: String(one.maximum),
        },
      ],
    })),
    studentAssessments: district.assessmentResults.map((one) => ({
      studentAssessmentIdentifier: one.id,
      assessmentReference: {
        namespace: `${namespace}/Assessment`,
        assessmentIdentifier: assessments.get(one.assessmentId)?.identifier ?? '',
      },
      ...student(one.personId),
      administrationDate: `${one.takenOn}T00:00:00Z`,
      scoreResults: [scoreResult('Scale score', one.score), scoreResult('Percentile rank', one.percentile)],
      performanceLevels: [
        {
          assessmentReportingMethodDescriptor: descriptor('AssessmentReportingMethod', 'Proficiency level'),
          performanceLevelDescriptor: descriptor('PerformanceLevel', one.level),
        },
      ],
      _lastModifiedDate: one.modifiedAt,
    })),
  };

  function placeAndTime(session: Session, place: JsonObject) {
    return {
      schoolReference: place,
      schoolYearTypeReference: { schoolYear },
      beginDate: session.startDate,
      endDate: session.endDate,
      totalInstructionalDays: Math.round(length(session) / 86_400_000 / 2),
    };
  }

  return Object.fromEntries(
    [...standard.resources].map(([name, { schema }]) => [
      name,
      (all[name] ?? []).map((members) =>
        keepKnown({ _lastModifiedDate: district.modifiedAt, ...members }, schema, standard),
      ),
    ]),
  );
}

function attended(one: District['enrollments'][number]): Members {
  return { beginDate: one.beginDate, endDate: one.endDate, _lastModifiedDate: one.modifiedAt };
}

function marked(one: District['attendance'][number]): Members {
  return {
    eventDate: one.date,
    attendanceEventCategoryDescriptor: descriptor('AttendanceEventCategory', attendanceWords[one.kind]),
    attendanceEventReason: one.reason,
    _lastModifiedDate: one.modifiedAt,
  };
}

function length({ startDate, endDate }: Session): number {
  return Date.parse(endDate) - Date.parse(startDate);
}

function onceEach<T>(records: readonly T[]): readonly T[] {
  return [...new Map(records.map((record) => [JSON.stringify(record), record])).values()];
}
