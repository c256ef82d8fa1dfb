import { Failure } from '../../failure/failure.ts';
import { coursesOfGrade, grades, levelOfGrade } from './course-catalog.ts';
import { createAssessments } from './create-assessments.ts';
import { createAttendance } from './create-attendance.ts';
import { createGradebook } from './create-gradebook.ts';
import { createMeetings } from './create-meetings.ts';
import { createPerson, personId } from './create-person.ts';
import type {
  Course,
  District,
  Enrollment,
  Level,
  Person,
  PersonRole,
  School,
  Section,
  Session,
} from './district.ts';
import { schoolNames } from './names.ts';
import { createSchoolYear, termsOfCourse } from './school-year.ts';

export interface DistrictOptions {
  /** Equal seeds and options give equal districts, on every machine. Default 1. */
  readonly seed?: number;
  /** From 1 to 1,000,000. Default 500. */
  readonly students?: number;
  readonly name?: string;
  /** The year in which the school year ends. Default 2026. */
  readonly schoolYear?: number;
  /**
   * Graded pieces of work, each with a score for every student of its class. Default: one for 30 students, which makes 10 records a
   * student in all; 0 leaves the gradebook out.
   */
  readonly assignments?: number;
  /** Marks of absence and tardiness. Default: one for 10 students; 0 leaves attendance out. */
  readonly attendance?: number;
  /** Results of the state's tests. Default: one for 5 students; 0 leaves the tests out. */
  readonly assessmentResults?: number;
  /** Of what is taught in a grade only the first so many courses, so that few students are few records. Default: all, six or seven. */
  readonly coursesPerGrade?: number;
}

const studentsPerSchool = 600;
const studentsPerSection = 25;
const sectionsPerTeacher = 5;

/** Pure. A realistic district; 20,000 students are about 200,000 records (see `countDistrict`). Throws `invalid_params` for bad sizes. */
export function generateDistrict(options: DistrictOptions = {}): District {
  const {
    seed = 1,
    students: size = 500,
    schoolYear = 2026,
    name = 'Maple Valley Unified School District',
    coursesPerGrade = 7,
  } = options;
  const {
    assignments = Math.round(size / 30),
    attendance = Math.round(size / 10),
    assessmentResults = Math.round(size / 5),
  } = options;
  checkWhole('students', size, 1, 1_000_000);
  checkWhole('seed', seed, 0, 2 ** 31);
  checkWhole('schoolYear', schoolYear, 1990, 2100);
  checkWhole('assignments', assignments, 0, 1_000_000);
  checkWhole('attendance', attendance, 0, 1_000_000);
  checkWhole('assessmentResults', assessmentResults, 0, 1_000_000);
  checkWhole('coursesPerGrade', coursesPerGrade, 1, 7);
  const modifiedAt = `${schoolYear - 1}-08-01T06:00:00.000Z`;
  const sessions = createSchoolYear(schoolYear);
  const courses = grades.flatMap((grade) => coursesOfGrade(grade).slice(0, coursesPerGrade));
  const schools = createSchools(size);
  const staff = createStaff();
  const students: Person[] = [];
  const guardians: Person[] = [];
  const sections: Section[] = [];
  const enrollments: Enrollment[] = [];

  function person(
    role: PersonRole,
    number: number,
    details: Partial<Pick<Person, 'grade' | 'schoolIds' | 'relatedIds'>>,
  ): Person {
    const { grade, schoolIds = [], relatedIds = [] } = details;
    const domain = 'maplevalley.example';
    return createPerson({ seed, role, number, grade, schoolIds, relatedIds, schoolYear, domain, modifiedAt });
  }

  function createStaff(): { readonly people: Person[]; teacher(schoolId: string): Person } {
    const people: Person[] = [];
    const schoolIds = schools.map((school) => school.id);
    schools.forEach((school, at) => {
      people.push(person('principal', at + 1, { schoolIds: [school.id] }));
      people.push(person('school-administrator', at + 1, { schoolIds: [school.id] }));
    });
    people.push(person('district-administrator', 1, {}), person('district-administrator', 2, {}));
    let teachers = 0;
    return {
      people,
      teacher(schoolId) {
        teachers += 1;
        // One in twenty belongs to a second school too.
        const second = teachers % 20 === 0 ? schoolIds.find((id) => id !== schoolId) : undefined;
        const created = person('teacher', teachers, {
          schoolIds: second === undefined ? [schoolId] : [schoolId, second],
        });
        people.push(created);
        return created;
      },
    };
  }

  /** Every thirteenth student is in the same grade; within the grade they spread over its schools in turn. */
  function createStudents(): Map<string, Person[]> {
    const schoolsByLevel = Map.groupBy(schools, (school) => school.level);
    const classmates = new Map<string, Person[]>();
    for (let number = 1; number <= size; number++) {
      const grade = grades[(number - 1) % grades.length] ?? 'KG';
      const choices = schoolsByLevel.get(levelOfGrade(grade)) ?? [];
      const school = choices[Math.floor((number - 1) / grades.length) % choices.length];
      if (school === undefined) continue;
      const hasGuardian = number % 20 === 0;
      const relatedIds = hasGuardian ? [personId('guardian', number / 20)] : [];
      const student = person('student', number, { grade, schoolIds: [school.id], relatedIds });
      students.push(student);
      if (hasGuardian) {
        guardians.push(person('guardian', number / 20, { schoolIds: [school.id], relatedIds: [student.id] }));
      }
      const key = `${school.id} ${grade}`;
      const group = classmates.get(key);
      if (group === undefined) classmates.set(key, [student]);
      else group.push(student);
    }
    return classmates;
  }

  function createSection(
    school: School,
    course: Course,
    at: number,
    period: number,
    terms: readonly Session[],
  ): Section {
    const number = sections.length + 1;
    const id = `cls-${String(number).padStart(6, '0')}`;
    const room = `${String.fromCharCode(65 + (number % 4))}${100 + (number % 60)}`;
    return {
      id,
      schoolId: school.id,
      courseId: course.id,
      title: `${course.title} - ${at + 1}`,
      code: `${course.code}-${at + 1}`,
      kind: course.level === 'elementary' && period === 1 ? 'homeroom' : 'scheduled',
      room,
      period: String(period),
      meetings: createMeetings(id, number, period, room),
      grade: course.grade,
      termIds: terms.map((term) => term.id),
      modifiedAt,
    };
  }

  function enroll(
    section: Section,
    member: Person,
    role: Enrollment['role'],
    terms: readonly Session[],
  ): void {
    enrollments.push({
      id: enrollmentId(section.id, member.id),
      sectionId: section.id,
      personId: member.id,
      schoolId: section.schoolId,
      role,
      beginDate: terms[0]?.startDate ?? '',
      endDate: terms.at(-1)?.endDate ?? '',
      modifiedAt,
    });
  }

  function teachGrade(school: School, grade: string, group: readonly Person[], teacherOf: TeacherOf): void {
    // A grade that is too large for one small class has two, so that students can move between them.
    const count = Math.max(group.length > 15 ? 2 : 1, Math.ceil(group.length / studentsPerSection));
    courses
      .filter((course) => course.grade === grade)
      .forEach((course, subject) => {
        const terms = termsOfCourse(course, sessions);
        const made = Array.from({ length: count }, (_, at) => {
          const section = createSection(school, course, at, subject + 1, terms);
          sections.push(section);
          enroll(section, teacherOf(course, subject, at), 'teacher', terms);
          return section;
        });
        group.forEach((student, at) => {
          // Younger classes stay together all day; older students meet others in every subject.
          const shift = course.level === 'elementary' ? 0 : Math.floor(at / count) * subject;
          const section = made[(at + shift) % count];
          if (section !== undefined) enroll(section, student, 'student', terms);
        });
      });
  }

  const classmates = createStudents();
  for (const school of schools) {
    const teacherOf = createTeacherRota(() => staff.teacher(school.id));
    for (const grade of grades) {
      const group = classmates.get(`${school.id} ${grade}`);
      if (group !== undefined) teachGrade(school, grade, group, teacherOf);
    }
  }
  const people = [...staff.people, ...students, ...guardians];
  const base = {
    seed,
    id: 'org-district',
    name,
    schoolYear,
    modifiedAt,
    schools,
    sessions,
    courses,
    people,
    sections,
    enrollments,
  };
  return {
    ...base,
    ...createGradebook(base, assignments),
    attendance: createAttendance(base, attendance),
    ...createAssessments(base, assessmentResults),
  };
}

/** Pure. */
export function enrollmentId(sectionId: string, personId_: string): string {
  return `enr-${sectionId.slice(4)}-${personId_}`;
}

type TeacherOf = (course: Course, subject: number, at: number) => Person;

/** An elementary class has one teacher for its four core subjects; all else is taught by subject teachers, five sections each. */
function createTeacherRota(hire: () => Person): TeacherOf {
  const homeroom = new Map<string, Person>();
  const bySubject = new Map<string, { readonly teacher: Person; sections: number }>();
  return (course, subject, at) => {
    if (course.level === 'elementary' && subject < 4) {
      const key = `${course.grade} ${at}`;
      const teacher = homeroom.get(key) ?? hire();
      homeroom.set(key, teacher);
      return teacher;
    }
    let entry = bySubject.get(course.subject);
    if (entry === undefined || entry.sections === sectionsPerTeacher) {
      entry = { teacher: hire(), sections: 0 };
      bySubject.set(course.subject, entry);
    }
    entry.sections += 1;
    return entry.teacher;
  };
}

function createSchools(students: number): readonly School[] {
  const perGrade = new Map(
    grades.map((grade, at) => [grade, Math.max(0, Math.ceil((students - at) / grades.length))]),
  );
  const titles = { elementary: 'Elementary School', middle: 'Middle School', high: 'High School' };
  const schools: School[] = [];
  for (const level of ['elementary', 'middle', 'high'] satisfies Level[]) {
    const size = grades
      .filter((grade) => levelOfGrade(grade) === level)
      .reduce((sum, grade) => sum + (perGrade.get(grade) ?? 0), 0);
    const count = size === 0 ? 0 : Math.max(1, Math.round(size / studentsPerSchool));
    for (let at = 0; at < count; at++) {
      const number = schools.length + 1;
      const stem = schoolNames[at % schoolNames.length] ?? '';
      const again = at < schoolNames.length ? '' : ` ${Math.floor(at / schoolNames.length) + 1}`;
      schools.push({
        id: `org-school-${String(number).padStart(3, '0')}`,
        name: `${stem}${again} ${titles[level]}`,
        number: String(1000 + number),
        level,
      });
    }
  }
  return schools;
}

function checkWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new Failure('invalid_params', 'A district needs whole numbers within limits', {
    data: { name, value, least, most },
  });
}
