import { Failure } from '../../failure/failure.ts';
import { createPerson, personId } from './create-person.ts';
import type {
  AssessmentResult,
  AttendanceMark,
  District,
  Enrollment,
  Person,
  Score,
  Section,
} from './district.ts';
import { enrollmentId } from './generate-district.ts';
import { familyNames } from './names.ts';
import { addDays } from './school-year.ts';
import { createSeededRandom } from './seeded-random.ts';

const defaults = {
  renamed: 6,
  transferred: 4,
  enrolled: 3,
  withdrawn: 2,
  rooms: 3,
  scores: 5,
  marked: 4,
  excused: 2,
} as const;

/** One thing that changed overnight. A put person brings their demographics; a removed one takes them along. */
export type DistrictEdit =
  | {
      readonly [Kind in EditedKind]: {
        readonly op: 'put';
        readonly kind: Kind;
        readonly id: string;
        readonly value: Edited[Kind];
      };
    }[EditedKind]
  | { readonly op: 'remove'; readonly kind: EditedKind; readonly id: string };

interface Edited {
  readonly person: Person;
  readonly section: Section;
  readonly enrollment: Enrollment;
  readonly score: Score;
  readonly attendance: AttendanceMark;
  readonly assessmentResult: AssessmentResult;
}

export type EditedKind = keyof Edited;

/** How many of each; a number that was asked for and is not possible is refused, a default is made smaller. */
export interface EditPlan {
  readonly seed?: number;
  /** Each night has its own edits; 2 is the night after the first sync. */
  readonly night?: number;
  /** Students who change their family name. Default 6. */
  readonly renamed?: number;
  /** Students who move to another class of the same course (an enrollment removed, one created). Default 4. */
  readonly transferred?: number;
  /** New students, each with an enrollment in every course of the grade. Default 3. */
  readonly enrolled?: number;
  /** Students who leave, with their enrollments and scores. Default 2. */
  readonly withdrawn?: number;
  /** Classes that move to another room. Default 3. */
  readonly rooms?: number;
  /** Scores that a teacher corrects. Default 5. */
  readonly scores?: number;
  /** Students who are absent or late today. Default 4. */
  readonly marked?: number;
  /** Unexcused absences that somebody excuses. Default 2. */
  readonly excused?: number;
}

export interface EditedDistrict {
  readonly district: District;
  readonly edits: readonly DistrictEdit[];
  readonly counts: Readonly<
    Record<EditedKind, { readonly created: number; readonly updated: number; readonly removed: number }>
  >;
}

/**
 * Pure. A night's worth of realistic edits, decided by the seed and the night alone, and the district after them. Everything edited is
 * edited once, so `counts` is exactly what a second sync has to find. Throws `invalid_params` where the district is too small.
 */
export function editDistrict(before: District, plan: EditPlan = {}): EditedDistrict {
  const { night = 2 } = plan;
  const random = createSeededRandom(plan.seed ?? before.seed, 'night', night);
  const today = addDays(`${before.schoolYear - 1}-09-01`, night);
  const modifiedAt = `${today}T02:00:00.000Z`;
  const students = before.people.filter((person) => person.role === 'student');
  const enrollmentsByPerson = Map.groupBy(
    before.enrollments.filter((enrollment) => enrollment.role === 'student'),
    (enrollment) => enrollment.personId,
  );
  const sectionsById = new Map(before.sections.map((section) => [section.id, section]));
  const sectionsByCourse = Map.groupBy(
    before.sections,
    (section) => `${section.schoolId} ${section.courseId}`,
  );
  const edits: DistrictEdit[] = [];
  const touched = new Set<string>();

  function rename(): void {
    for (const student of choose('renamed', students, () => true)) {
      const familyName = random.pick(familyNames.filter((name) => name !== student.familyName));
      edits.push({
        op: 'put',
        kind: 'person',
        id: student.id,
        value: { ...student, familyName, modifiedAt },
      });
    }
  }

  function transfer(): void {
    for (const student of choose('transferred', students, (one) => moveOf(one) !== undefined)) {
      const move = moveOf(student);
      if (move === undefined) continue;
      const { left, target } = move;
      const id = enrollmentId(target.id, student.id);
      const value = { ...left, id, sectionId: target.id, beginDate: today, modifiedAt };
      edits.push(
        { op: 'remove', kind: 'enrollment', id: left.id },
        { op: 'put', kind: 'enrollment', id, value },
      );
    }
  }

  /** The first class of the student that has a sister class at the school. */
  function moveOf(student: Person): { readonly left: Enrollment; readonly target: Section } | undefined {
    for (const left of enrollmentsByPerson.get(student.id) ?? []) {
      const section = sectionsById.get(left.sectionId);
      const sisters = sectionsByCourse.get(`${section?.schoolId} ${section?.courseId}`) ?? [];
      const target = sisters.find((sister) => sister.id !== left.sectionId);
      if (target !== undefined) return { left, target };
    }
    return undefined;
  }

  function withdraw(): void {
    // Who has a guardian stays: the guardian's record would change along, and the counts would be harder to follow.
    const leavers = choose('withdrawn', students, (student) => student.relatedIds.length === 0);
    const ids = new Set(leavers.map((student) => student.id));
    for (const [kind, list] of [
      ['score', before.scores],
      ['attendance', before.attendance],
      ['assessmentResult', before.assessmentResults],
    ] as const) {
      for (const { id, personId } of list) if (ids.has(personId)) edits.push({ op: 'remove', kind, id });
    }
    for (const student of leavers) {
      for (const { id } of enrollmentsByPerson.get(student.id) ?? [])
        edits.push({ op: 'remove', kind: 'enrollment', id });
      edits.push({ op: 'remove', kind: 'person', id: student.id });
    }
  }

  function enrollNewcomers(): void {
    const last = Math.max(...students.map((student) => Number(student.id.slice(4))));
    const models = choose('enrolled', students, (student) => enrollmentsByPerson.has(student.id));
    models.forEach((model, at) => {
      // A newcomer gets the timetable of somebody of the grade.
      const number = last + at + 1 + 100 * night;
      const value = createPerson({
        seed: before.seed,
        role: 'student',
        number,
        grade: model.grade,
        schoolIds: model.schoolIds,
        relatedIds: [],
        schoolYear: before.schoolYear,
        domain: 'maplevalley.example',
        modifiedAt,
      });
      const newcomer = personId('student', number);
      edits.push({ op: 'put', kind: 'person', id: newcomer, value });
      for (const enrollment of enrollmentsByPerson.get(model.id) ?? []) {
        const id = enrollmentId(enrollment.sectionId, newcomer);
        const beginDate = today > enrollment.beginDate ? today : enrollment.beginDate;
        edits.push({
          op: 'put',
          kind: 'enrollment',
          id,
          value: { ...enrollment, id, personId: newcomer, beginDate, modifiedAt },
        });
      }
    });
  }

  function changeRooms(): void {
    for (const section of choose('rooms', before.sections, () => true)) {
      const rooms = Array.from({ length: 40 }, (_, at) => `Annex ${at + 1}`).filter(
        (room) => room !== section.room,
      );
      const room = random.pick(rooms);
      const meetings = section.meetings.map((one) => (one.room === section.room ? { ...one, room } : one));
      const value = { ...section, room, meetings, modifiedAt };
      edits.push({ op: 'put', kind: 'section', id: section.id, value });
    }
  }

  function correctScores(): void {
    // Those of students who leave tonight are gone.
    const left = before.scores.filter((score) => !touched.has(score.personId) && score.points !== undefined);
    for (const score of choose('scores', left, () => true)) {
      const points = score.points ?? 0;
      const value = {
        ...score,
        points: points < 0.5 ? points + 0.5 : points - 0.5,
        comment: 'Regraded',
        modifiedAt,
      };
      edits.push({ op: 'put', kind: 'score', id: score.id, value });
    }
  }

  function markAbsences(): void {
    // Nobody is marked twice a day: a mark's id is made of the day and the student.
    for (const student of choose('marked', students, (one) => one.schoolIds.length > 0)) {
      const kind = random.pick(['excused', 'unexcused', 'tardy'] as const);
      const value: AttendanceMark = {
        id: `att-${today.replaceAll('-', '')}-${student.id}`,
        personId: student.id,
        schoolId: student.schoolIds[0] ?? '',
        sectionId: undefined,
        period: undefined,
        date: today,
        kind,
        reason: kind === 'unexcused' ? undefined : 'Illness',
        modifiedAt,
      };
      const known = before.attendance.some(({ id }) => id === value.id);
      if (!known) edits.push({ op: 'put', kind: 'attendance', id: value.id, value });
    }
  }

  function excuseAbsences(): void {
    const open = before.attendance.filter(
      (mark) => !touched.has(mark.personId) && mark.kind === 'unexcused' && mark.date !== today,
    );
    for (const mark of choose('excused', open, () => true)) {
      const value = { ...mark, kind: 'excused', reason: 'Note from home', modifiedAt } as const;
      edits.push({ op: 'put', kind: 'attendance', id: mark.id, value });
    }
  }

  /** Picks different ones that no other edit of tonight touches. */
  function choose<T extends { readonly id: string }>(
    name: keyof typeof defaults,
    list: readonly T[],
    fits: (item: T) => boolean,
  ): T[] {
    const wanted = plan[name] ?? defaults[name];
    const chosen: T[] = [];
    for (const at of random.sample(list.length, list.length)) {
      if (chosen.length === wanted) break;
      const item = list[at];
      if (item === undefined || touched.has(item.id) || !fits(item)) continue;
      touched.add(item.id);
      chosen.push(item);
    }
    if (chosen.length === wanted || plan[name] === undefined) return chosen;
    throw new Failure('invalid_params', 'The district is too small for so many edits', {
      data: { edit: name, wanted, possible: chosen.length },
    });
  }

  rename();
  transfer();
  withdraw();
  enrollNewcomers();
  changeRooms();
  correctScores();
  markAbsences();
  excuseAbsences();
  return { district: applyEdits(before, edits), edits, counts: countEdits(before, edits) };
}

/** Where each kind stands in the district. */
const members = {
  person: 'people',
  section: 'sections',
  enrollment: 'enrollments',
  score: 'scores',
  attendance: 'attendance',
  assessmentResult: 'assessmentResults',
} as const satisfies Record<EditedKind, keyof District>;

const kinds = Object.keys(members) as readonly EditedKind[];

function applyEdits(before: District, edits: readonly DistrictEdit[]): District {
  const after: Record<string, unknown> = {};
  for (const kind of kinds) {
    const edited = new Map(
      edits
        .filter((edit) => edit.kind === kind)
        .map((edit) => [edit.id, edit.op === 'put' ? edit.value : undefined] as const),
    );
    const list: readonly Edited[EditedKind][] = before[members[kind]];
    after[members[kind]] = replaceEdited(list, edited);
  }
  return { ...before, ...after };
}

/** What is `undefined` in the edits leaves the list; what the list lacks comes at its end. */
function replaceEdited<T extends { readonly id: string }>(
  list: readonly T[],
  edited: Map<string, T | undefined>,
): readonly T[] {
  const known = new Set<string>();
  const kept: T[] = [];
  for (const item of list) {
    known.add(item.id);
    const next = edited.has(item.id) ? edited.get(item.id) : item;
    if (next !== undefined) kept.push(next);
  }
  for (const [id, item] of edited) if (item !== undefined && !known.has(id)) kept.push(item);
  return kept;
}

function countEdits(before: District, edits: readonly DistrictEdit[]): EditedDistrict['counts'] {
  function count(kind: EditedKind): EditedDistrict['counts'][EditedKind] {
    const list: readonly Edited[EditedKind][] = before[members[kind]];
    const known = new Set(list.map((item) => item.id));
    const puts = edits.filter((edit) => edit.kind === kind && edit.op === 'put');
    const updated = puts.filter((edit) => known.has(edit.id)).length;
    const removed = edits.filter((edit) => edit.kind === kind && edit.op === 'remove').length;
    return { created: puts.length - updated, updated, removed };
  }
  return {
    person: count('person'),
    section: count('section'),
    enrollment: count('enrollment'),
    score: count('score'),
    attendance: count('attendance'),
    assessmentResult: count('assessmentResult'),
  };
}
