/**
 * Pure. A school district in nobody's vendor shape: each vendor's simulator shows the same people in its own. Dates are `YYYY-MM-DD`,
 * moments ISO 8601 in UTC; ends of sessions are the day after the last one, as in OneRoster.
 */
export interface District {
  readonly seed: number;
  readonly id: string;
  readonly name: string;
  /** The year in which the school year ends: 2026 for 2025-26. */
  readonly schoolYear: number;
  readonly modifiedAt: string;
  readonly schools: readonly School[];
  readonly sessions: readonly Session[];
  readonly courses: readonly Course[];
  readonly people: readonly Person[];
  readonly sections: readonly Section[];
  readonly enrollments: readonly Enrollment[];
  readonly categories: readonly Category[];
  readonly assignments: readonly Assignment[];
  readonly scores: readonly Score[];
  readonly attendance: readonly AttendanceMark[];
  readonly assessments: readonly Assessment[];
  readonly assessmentResults: readonly AssessmentResult[];
}

export type Level = 'elementary' | 'middle' | 'high';

export interface School {
  readonly id: string;
  readonly name: string;
  /** The state's number of the school. */
  readonly number: string;
  readonly level: Level;
}

export interface Session {
  readonly id: string;
  readonly title: string;
  readonly kind: 'schoolYear' | 'semester' | 'term' | 'gradingPeriod';
  readonly startDate: string;
  readonly endDate: string;
  readonly parentId: string | undefined;
}

export interface Course {
  readonly id: string;
  readonly title: string;
  readonly code: string;
  readonly grade: string;
  readonly level: Level;
  readonly subject: string;
  /** The SCED code of the subject. */
  readonly subjectCode: string;
  readonly span: 'year' | 'first-semester' | 'second-semester';
}

export type PersonRole =
  | 'student'
  | 'teacher'
  | 'principal'
  | 'school-administrator'
  | 'district-administrator'
  | 'guardian';

export interface Person {
  readonly id: string;
  readonly role: PersonRole;
  readonly givenName: string;
  readonly familyName: string;
  readonly middleName: string | undefined;
  readonly preferredName: string | undefined;
  readonly username: string;
  readonly email: string;
  readonly phone: string | undefined;
  /** The number on the badge. */
  readonly localId: string;
  /** `KG`, `01` ... `12`; students only. */
  readonly grade: string | undefined;
  /** The home school first; empty for the district's own staff. */
  readonly schoolIds: readonly string[];
  /** A student's guardians and a guardian's students. */
  readonly relatedIds: readonly string[];
  /** Students only. */
  readonly demographics: Demographics | undefined;
  readonly modifiedAt: string;
}

export type Race = 'american-indian' | 'asian' | 'black' | 'pacific-islander' | 'white';

export interface Demographics {
  readonly birthDate: string;
  readonly sex: 'female' | 'male';
  readonly races: readonly Race[];
  readonly hispanic: boolean;
  readonly birthPlace:
    | { readonly city: string; readonly state: string | undefined; readonly country: string }
    | undefined;
}

export interface Section {
  readonly id: string;
  readonly schoolId: string;
  readonly courseId: string;
  readonly title: string;
  readonly code: string;
  readonly kind: 'homeroom' | 'scheduled';
  readonly room: string;
  readonly period: string;
  /** One or two a section, in its own building. */
  readonly meetings: readonly Meeting[];
  readonly grade: string;
  readonly termIds: readonly string[];
  readonly modifiedAt: string;
}

export type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday';

/** When and where a section meets; times are `HH:MM`, local. */
export interface Meeting {
  readonly id: string;
  readonly days: readonly Weekday[];
  readonly startTime: string;
  readonly endTime: string;
  readonly room: string;
  readonly building: string;
}

export interface Enrollment {
  readonly id: string;
  readonly sectionId: string;
  readonly personId: string;
  readonly schoolId: string;
  readonly role: 'student' | 'teacher';
  readonly beginDate: string;
  readonly endDate: string;
  readonly modifiedAt: string;
}

export interface Category {
  readonly id: string;
  readonly title: string;
  /** Its share of the grade, in percent. */
  readonly weight: number;
}

export interface Assignment {
  readonly id: string;
  readonly sectionId: string;
  readonly schoolId: string;
  readonly categoryId: string;
  readonly gradingPeriodId: string;
  readonly title: string;
  readonly assignedOn: string;
  readonly dueOn: string;
  readonly maximum: number;
}

export interface Score {
  readonly id: string;
  readonly assignmentId: string;
  readonly sectionId: string;
  readonly personId: string;
  /** Absent where nothing was handed in. */
  readonly points: number | undefined;
  readonly scoredOn: string;
  readonly late: boolean;
  readonly comment: string | undefined;
  readonly modifiedAt: string;
}

/** That a student was not, or not all the time, where they should have been. Who was there has none. */
export interface AttendanceMark {
  readonly id: string;
  readonly personId: string;
  readonly schoolId: string;
  /** Absent where it is of the whole day. */
  readonly sectionId: string | undefined;
  /** The section's, where it is of one. */
  readonly period: string | undefined;
  readonly date: string;
  readonly kind: 'excused' | 'unexcused' | 'tardy';
  readonly reason: string | undefined;
  readonly modifiedAt: string;
}

/** A test of the whole district in one subject, for the students of one grade. */
export interface Assessment {
  readonly id: string;
  readonly title: string;
  /** Its number with those who made it. */
  readonly identifier: string;
  readonly subject: string;
  readonly grade: string;
  readonly minimum: number;
  readonly maximum: number;
}

export interface AssessmentResult {
  readonly id: string;
  readonly assessmentId: string;
  readonly personId: string;
  readonly score: number;
  /** From 1 to 99. */
  readonly percentile: number;
  readonly level: 'Below Basic' | 'Basic' | 'Proficient' | 'Advanced';
  readonly takenOn: string;
  readonly modifiedAt: string;
}

/** Pure. The district's size by kind; a vendor's simulator may make more than one record of one of them. */
export function countDistrict(district: District): Readonly<Record<string, number>> {
  return {
    schools: district.schools.length,
    sessions: district.sessions.length,
    courses: district.courses.length,
    people: district.people.length,
    students: district.people.filter((person) => person.role === 'student').length,
    sections: district.sections.length,
    enrollments: district.enrollments.length,
    categories: district.categories.length,
    assignments: district.assignments.length,
    scores: district.scores.length,
    attendance: district.attendance.length,
    assessments: district.assessments.length,
    assessmentResults: district.assessmentResults.length,
  };
}
