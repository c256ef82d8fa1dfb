import type { Assessment, AssessmentResult, District, Person } from './district.ts';
import { createSeededRandom } from './seeded-random.ts';

type Roster = Pick<District, 'seed' | 'schoolYear' | 'people' | 'modifiedAt'>;

const subjects = ['Mathematics', 'English Language Arts'] as const;
const levels = ['Below Basic', 'Basic', 'Proficient', 'Advanced'] as const;
const range = { minimum: 200, maximum: 800 } as const;

/**
 * Pure. The state's spring tests: one a subject for each grade that has students, and so many results, of the first students of each test
 * in turn. None of either for a count of 0.
 */
export function createAssessments(
  roster: Roster,
  count: number,
): Pick<District, 'assessments' | 'assessmentResults'> {
  const students = roster.people.filter((person) => person.role === 'student');
  const byGrade = Map.groupBy(students, (student) => student.grade ?? 'KG');
  if (count === 0) return { assessments: [], assessmentResults: [] };
  const assessments = [...byGrade.keys()]
    .toSorted()
    .flatMap((grade) => subjects.map((subject, at) => createAssessment(roster, grade, subject, at)));
  const taken = assessments.flatMap((assessment) =>
    (byGrade.get(assessment.grade) ?? []).map((student) => ({ assessment, student })),
  );
  const size = Math.min(count, taken.length);
  const assessmentResults = Array.from({ length: size }, (_, at) => {
    const one = taken[Math.floor((at * taken.length) / size)];
    if (one === undefined) throw new RangeError('Nobody takes this test');
    return createResult(roster, one.assessment, one.student);
  });
  return { assessments, assessmentResults };
}

function createAssessment(roster: Roster, grade: string, subject: string, at: number): Assessment {
  return {
    id: `asm-${roster.schoolYear}-${grade.toLowerCase()}-${at + 1}`,
    title: `State Test ${roster.schoolYear}: ${subject}, grade ${grade === 'KG' ? 'K' : Number(grade)}`,
    identifier: `ST${roster.schoolYear}${subject.slice(0, 3).toUpperCase()}${grade}`,
    subject,
    grade,
    ...range,
  };
}

function createResult(roster: Roster, assessment: Assessment, student: Person): AssessmentResult {
  const random = createSeededRandom(roster.seed, assessment.id, student.id);
  const percentile = 1 + random.integer(99);
  const share = percentile / 100;
  return {
    id: `asr-${assessment.id.slice(4)}-${student.id}`,
    assessmentId: assessment.id,
    personId: student.id,
    score: Math.round(range.minimum + share * (range.maximum - range.minimum)),
    percentile,
    level: levels[Math.min(3, Math.floor(share * 4))] ?? 'Basic',
    takenOn: `${roster.schoolYear}-04-${String(13 + random.integer(5)).padStart(2, '0')}`,
    modifiedAt: roster.modifiedAt,
  };
}
