import { describe, expect, test } from 'vitest';
import { digestJson } from '../../json/digest.ts';
import { countDistrict, type District } from './district.ts';
import { editDistrict } from './edit-district.ts';
import { generateDistrict } from './generate-district.ts';
import { createSeededRandom } from './seeded-random.ts';

/** Plain JSON, with the absent members gone. */
function digestOf(value: unknown): string {
  return digestJson(JSON.parse(JSON.stringify(value)));
}

/** Every reference of the district that points at nothing. */
function danglingReferences(district: District): string[] {
  const ids = (list: readonly { readonly id: string }[]): Set<string> => new Set(list.map((item) => item.id));
  const people = ids(district.people);
  const sections = ids(district.sections);
  const schools = ids(district.schools);
  const sessions = ids(district.sessions);
  const courses = ids(district.courses);
  const assignments = ids(district.assignments);
  const categories = ids(district.categories);
  const pairs: [Set<string>, string][] = [
    ...district.sessions.flatMap(({ parentId }): [Set<string>, string][] =>
      parentId === undefined ? [] : [[sessions, parentId]],
    ),
    ...district.people.flatMap((person): [Set<string>, string][] => [
      ...person.schoolIds.map((id): [Set<string>, string] => [schools, id]),
      ...person.relatedIds.map((id): [Set<string>, string] => [people, id]),
    ]),
    ...district.sections.flatMap((section): [Set<string>, string][] => [
      [schools, section.schoolId],
      [courses, section.courseId],
      ...section.termIds.map((id): [Set<string>, string] => [sessions, id]),
    ]),
    ...district.enrollments.flatMap((one): [Set<string>, string][] => [
      [people, one.personId],
      [sections, one.sectionId],
      [schools, one.schoolId],
    ]),
    ...district.assignments.flatMap((one): [Set<string>, string][] => [
      [sections, one.sectionId],
      [categories, one.categoryId],
      [sessions, one.gradingPeriodId],
    ]),
    ...district.attendance.flatMap((one): [Set<string>, string][] => [
      [people, one.personId],
      [schools, one.schoolId],
      ...(one.sectionId === undefined ? [] : [[sections, one.sectionId] as [Set<string>, string]]),
    ]),
    ...district.assessmentResults.flatMap((one): [Set<string>, string][] => [
      [ids(district.assessments), one.assessmentId],
      [people, one.personId],
    ]),
    ...district.scores.flatMap((one): [Set<string>, string][] => [
      [assignments, one.assignmentId],
      [people, one.personId],
      [sections, one.sectionId],
    ]),
  ];
  return pairs.filter(([known, id]) => !known.has(id)).map(([, id]) => id);
}

function duplicates(values: readonly string[]): string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.has(value) || !seen.add(value));
}

describe('a generated district', () => {
  test('is the same for the same seed, and another for another', () => {
    const [first, again, other] = [1, 1, 2].map((seed) => digestOf(generateDistrict({ seed, students: 80 })));

    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  test('is the same on every machine and in every version of the code that does not mean to change it', () => {
    const { people } = generateDistrict({ seed: 7, students: 60 });

    const names = people.filter((person) => person.role === 'student').slice(0, 4);
    expect(
      names.map((person) => `${person.id} ${person.givenName} ${person.familyName}`),
    ).toMatchInlineSnapshot(`
      [
        "stu-000001 Caleb Green",
        "stu-000002 René Aguilar",
        "stu-000003 Ruth Mitchell",
        "stu-000004 Arjun Wilson",
      ]
    `);
  });

  test.each([1, 12, 13, 60, 700, 5000])(
    'of %i students has no dangling reference and no id, user name or badge twice',
    (students) => {
      const district = generateDistrict({ seed: 3, students });

      expect(danglingReferences(district)).toEqual([]);
      expect(countDistrict(district).students).toBe(students);
      for (const list of [
        district.schools,
        district.people,
        district.sections,
        district.enrollments,
        district.assignments,
        district.scores,
        district.attendance,
        district.assessments,
        district.assessmentResults,
        district.sections.flatMap(({ meetings }) => meetings),
      ]) {
        expect(duplicates(list.map((item) => item.id))).toEqual([]);
      }
      expect(duplicates(district.people.map((person) => person.username))).toEqual([]);
      expect(duplicates(district.people.map((person) => person.localId))).toEqual([]);
      expect(duplicates(district.schools.map((school) => school.name))).toEqual([]);
    },
  );

  test('has the sizes of a real one', () => {
    const district = generateDistrict({ seed: 1, students: 6500 });

    const homeSchools = Map.groupBy(
      district.people.filter((person) => person.role === 'student'),
      (person) => person.schoolIds[0],
    );
    for (const group of homeSchools.values()) {
      expect(group.length).toBeGreaterThanOrEqual(450);
      expect(group.length).toBeLessThanOrEqual(750);
    }
    const classes = Map.groupBy(
      district.enrollments.filter((enrollment) => enrollment.role === 'student'),
      (enrollment) => enrollment.sectionId,
    );
    expect(classes.size).toBe(district.sections.length);
    for (const group of classes.values()) expect(group.length).toBeLessThanOrEqual(25);
    const perStudent = (district.enrollments.length - district.sections.length) / 6500;
    expect(perStudent).toBeGreaterThan(6);
    expect(perStudent).toBeLessThan(7);
  });

  test('of 20,000 students makes about ten records a student and takes a few seconds at most', () => {
    const before = performance.now();
    const counts = countDistrict(generateDistrict({ seed: 1, students: 20_000 }));

    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    expect(total).toBeGreaterThan(195_000);
    expect(total).toBeLessThan(210_000);
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  test('has the names that break naive code', () => {
    const { people } = generateDistrict({ seed: 1, students: 2000 });

    const families = new Set(people.map((person) => person.familyName));
    for (const name of ['O’Brien', 'Núñez', '李', 'Smith-Jones', 'van der Berg'])
      expect(families).toContain(name);
    for (const person of people)
      expect(person.email).toMatch(/^[a-z.]+\d+@(students\.)?maplevalley\.example$/);
  });

  test("keeps every student's name when it grows", () => {
    const nameOf = (students: number): string[] =>
      generateDistrict({ seed: 5, students })
        .people.filter((person) => person.role === 'student')
        .slice(0, 100)
        .map((person) => `${person.id} ${person.givenName} ${person.familyName} ${person.grade}`);

    expect(nameOf(3000)).toEqual(nameOf(100));
  });

  test('leaves the gradebook out or sizes it when told so', () => {
    const none = generateDistrict({ students: 100, assignments: 0 });
    const ten = generateDistrict({ students: 100, assignments: 10 });

    expect([none.categories, none.assignments, none.scores]).toEqual([[], [], []]);
    expect(ten.assignments).toHaveLength(10);
    expect(ten.scores.length).toBeGreaterThan(10);
  });

  test('has sections that meet in their rooms, on some days twice over', () => {
    const { sections } = generateDistrict({ seed: 2, students: 300 });

    for (const { room, meetings, period } of sections) {
      expect(meetings[0]).toMatchObject({ room });
      const days = meetings.flatMap((meeting) => meeting.days);
      expect(days.toSorted()).toEqual(['friday', 'monday', 'thursday', 'tuesday', 'wednesday']);
      for (const { startTime, endTime } of meetings)
        expect([period, startTime < endTime]).toEqual([period, true]);
    }
    expect(new Set(sections.map(({ meetings }) => meetings.length))).toEqual(new Set([1, 2]));
  });

  test('has marks of whole days and of single sections, on school days, and results within their range', () => {
    const district = generateDistrict({ seed: 2, students: 300 });

    const daily = district.attendance.filter(({ sectionId }) => sectionId === undefined);
    expect(daily.length).toBeGreaterThan(5);
    expect(district.attendance.length).toBeGreaterThan(2 * daily.length);
    for (const { date, sectionId, period } of district.attendance) {
      expect([0, 6]).not.toContain(new Date(`${date}T00:00:00Z`).getUTCDay());
      expect(period === undefined).toBe(sectionId === undefined);
    }
    expect(new Set(district.attendance.map(({ kind }) => kind)).size).toBe(3);
    expect(district.assessmentResults).toHaveLength(60);
    const tests = new Map(district.assessments.map((one) => [one.id, one]));
    for (const { assessmentId, score } of district.assessmentResults) {
      expect(score).toBeGreaterThanOrEqual(tests.get(assessmentId)?.minimum ?? Infinity);
      expect(score).toBeLessThanOrEqual(tests.get(assessmentId)?.maximum ?? 0);
    }
    const none = generateDistrict({ students: 100, attendance: 0, assessmentResults: 0 });
    expect([none.attendance, none.assessments, none.assessmentResults]).toEqual([[], [], []]);
  });

  test('teaches no more courses in a grade than it is asked for, and is as sound as any', () => {
    const few = generateDistrict({ students: 26, coursesPerGrade: 2 });
    expect(few.courses).toHaveLength(26);
    expect(few.sections).toHaveLength(26);
    const taught = new Set(few.sections.map(({ courseId }) => courseId));
    expect(few.courses.filter(({ id }) => !taught.has(id))).toEqual([]);
    expect(generateDistrict({ students: 26, coursesPerGrade: 7 })).toEqual(
      generateDistrict({ students: 26 }),
    );
  });

  test.each([{ students: 0 }, { students: 1.5 }, { seed: -1 }, { assignments: -1 }, { coursesPerGrade: 0 }])(
    'refuses %j',
    (options) => {
      expect(() => generateDistrict(options)).toThrow('whole numbers within limits');
    },
  );
});

describe('a night of edits', () => {
  const before = generateDistrict({ seed: 4, students: 300 });

  test('changes exactly what it says, and leaves nothing dangling', () => {
    const { district, edits, counts } = editDistrict(before);

    expect(counts.person).toEqual({ created: 3, updated: 6, removed: 2 });
    expect(counts.section).toEqual({ created: 0, updated: 3, removed: 0 });
    expect(counts.score.updated).toBe(5);
    expect(counts.attendance).toMatchObject({ created: 4, updated: 2 });
    expect(counts.enrollment.created).toBeGreaterThanOrEqual(3 * 6 + 4);
    expect(counts.enrollment.removed).toBeGreaterThanOrEqual(2 * 6 + 4);
    expect(danglingReferences(district)).toEqual([]);
    expect(duplicates(edits.map((edit) => `${edit.kind} ${edit.id}`))).toEqual([]);
    expect(differences(before, district)).toEqual(counts);
  });

  test('is the same for the same seed and night, and each night has its own', () => {
    const [second, again, third] = [2, 2, 3].map((night) => digestOf(editDistrict(before, { night }).edits));

    expect(again).toBe(second);
    expect(third).not.toBe(second);
  });

  test('follows on another night', () => {
    const first = editDistrict(before, { night: 2 });
    const second = editDistrict(first.district, { night: 3 });

    expect(differences(first.district, second.district)).toEqual(second.counts);
    expect(danglingReferences(second.district)).toEqual([]);
  });

  test('says so when the district is too small for it', () => {
    const tiny = generateDistrict({ students: 2 });

    expect(() => editDistrict(tiny, { transferred: 1 })).toThrow('too small for so many edits');
    expect(editDistrict(tiny).counts.person).toEqual({ created: 0, updated: 2, removed: 0 });
  });

  function differences(old: District, next: District): Record<string, unknown> {
    const compare = (
      was: readonly { readonly id: string }[],
      is: readonly { readonly id: string }[],
    ): unknown => {
      const wasById = new Map(was.map((item) => [item.id, item]));
      const isIds = new Set(is.map((item) => item.id));
      return {
        created: is.filter((item) => !wasById.has(item.id)).length,
        updated: is.filter(
          (item) => wasById.has(item.id) && digestOf(wasById.get(item.id)) !== digestOf(item),
        ).length,
        removed: was.filter((item) => !isIds.has(item.id)).length,
      };
    };
    return {
      person: compare(old.people, next.people),
      section: compare(old.sections, next.sections),
      enrollment: compare(old.enrollments, next.enrollments),
      score: compare(old.scores, next.scores),
      attendance: compare(old.attendance, next.attendance),
      assessmentResult: compare(old.assessmentResults, next.assessmentResults),
    };
  }
});

test('seeded chance is spread evenly and samples without repetition', () => {
  const random = createSeededRandom('spread', 1);
  const buckets = [0, 0, 0, 0, 0];
  for (let round = 0; round < 10_000; round++) buckets[random.integer(5)]! += 1;

  for (const count of buckets) expect(Math.abs(count - 2000)).toBeLessThan(200);
  expect(random.sample(10, 10).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(random.sample(3, 10)).toHaveLength(3);
});
