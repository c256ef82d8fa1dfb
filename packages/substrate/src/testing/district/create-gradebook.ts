import type { Assignment, Category, District, Enrollment, Score } from './district.ts';
import { addDays } from './school-year.ts';
import { createSeededRandom } from './seeded-random.ts';

const categories: readonly Category[] = [
  { id: 'cat-homework', title: 'Homework', weight: 20 },
  { id: 'cat-classwork', title: 'Classwork', weight: 20 },
  { id: 'cat-quizzes', title: 'Quizzes', weight: 25 },
  { id: 'cat-tests', title: 'Tests & Projects', weight: 35 },
];
const comments = [
  'Great work!',
  'See me after class',
  'Revise and resubmit',
  'Très bien',
  'Name missing — please sign',
];

type Roster = Pick<District, 'seed' | 'sections' | 'sessions' | 'enrollments' | 'modifiedAt'>;

/** Pure. So many assignments, spread evenly over the sections, each with a score for every student of its section. */
export function createGradebook(
  roster: Roster,
  count: number,
): Pick<District, 'categories' | 'assignments' | 'scores'> {
  if (count === 0 || roster.sections.length === 0) return { categories: [], assignments: [], scores: [] };
  const assignments = Array.from({ length: count }, (_, at) => createAssignment(roster, at, count));
  const wanted = new Set(assignments.map((assignment) => assignment.sectionId));
  const students = Map.groupBy(
    roster.enrollments.filter(
      (enrollment) => enrollment.role === 'student' && wanted.has(enrollment.sectionId),
    ),
    (enrollment) => enrollment.sectionId,
  );
  const scores = assignments.flatMap((assignment) =>
    (students.get(assignment.sectionId) ?? []).map((enrollment) =>
      createScore(roster, assignment, enrollment),
    ),
  );
  return { categories, assignments, scores };
}

function createAssignment(roster: Roster, at: number, count: number): Assignment {
  const section = roster.sections[Math.floor((at * roster.sections.length) / count)];
  if (section === undefined) throw new RangeError('No such section');
  const random = createSeededRandom(roster.seed, 'assignment', at);
  const category = random.pick(categories);
  const term = roster.sessions.find((session) => session.id === section.termIds[0]);
  const assignedOn = addDays(term?.startDate ?? '2025-09-01', random.integer(40));
  return {
    id: `asg-${String(at + 1).padStart(6, '0')}`,
    sectionId: section.id,
    schoolId: section.schoolId,
    categoryId: category.id,
    gradingPeriodId: `${section.termIds[0] ?? ''}-gp`,
    title: `${category.title.split(' ')[0]} ${1 + random.integer(12)}`,
    assignedOn,
    dueOn: addDays(assignedOn, 2 + random.integer(7)),
    maximum: random.pick([10, 20, 50, 100]),
  };
}

function createScore(roster: Roster, assignment: Assignment, enrollment: Enrollment): Score {
  const random = createSeededRandom(roster.seed, assignment.id, enrollment.personId);
  const handedIn = random.chance(0.95);
  return {
    id: `scr-${assignment.id.slice(4)}-${enrollment.personId}`,
    assignmentId: assignment.id,
    sectionId: assignment.sectionId,
    personId: enrollment.personId,
    // Half points occur, so that nobody takes scores for whole numbers.
    points: handedIn ? Math.round(assignment.maximum * (0.5 + random.next() / 2) * 2) / 2 : undefined,
    scoredOn: addDays(assignment.dueOn, 1 + random.integer(3)),
    late: handedIn && random.chance(0.07),
    comment: random.chance(0.1) ? random.pick(comments) : undefined,
    modifiedAt: roster.modifiedAt,
  };
}
