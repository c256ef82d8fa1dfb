import type { AttendanceMark, District, Enrollment } from './district.ts';
import { addDays } from './school-year.ts';
import { createSeededRandom } from './seeded-random.ts';

type Roster = Pick<District, 'seed' | 'sessions' | 'sections' | 'enrollments' | 'modifiedAt'>;

const reasons = ['Illness', 'Medical appointment', 'Family', 'Bus was late', 'Décès dans la famille'];

/**
 * Pure. So many marks, spread evenly over the students' enrollments: every third is of a whole day, the others of one section. They fall on
 * weekdays of the section's first term. A student has at most one mark a day and section.
 */
export function createAttendance(roster: Roster, count: number): readonly AttendanceMark[] {
  const members = roster.enrollments.filter((enrollment) => enrollment.role === 'student');
  if (members.length === 0) return [];
  const periods = new Map(roster.sections.map((section) => [section.id, section.period]));
  const marks = Array.from({ length: count }, (_, at) => {
    // Where there are more marks than enrollments, each round takes another day.
    const place = count <= members.length ? Math.floor((at * members.length) / count) : at % members.length;
    const enrollment = members[place];
    if (enrollment === undefined) throw new RangeError('No such enrollment');
    return createMark(roster, enrollment, isDaily(at) ? undefined : periods, Math.floor(at / members.length));
  });
  return [...new Map(marks.map((mark) => [mark.id, mark])).values()];
}

function isDaily(at: number): boolean {
  return at % 3 === 0;
}

/** Without `periods` it is of the whole day. */
function createMark(
  roster: Roster,
  enrollment: Enrollment,
  periods: ReadonlyMap<string, string> | undefined,
  round: number,
): AttendanceMark {
  const random = createSeededRandom(roster.seed, 'attendance', enrollment.id, round);
  const kind = random.pick(['excused', 'excused', 'unexcused', 'tardy'] as const);
  const date = weekdayAfter(enrollment.beginDate, random.integer(40));
  const { personId, sectionId } = enrollment;
  const place = periods === undefined ? '' : `-${sectionId.slice(4)}`;
  return {
    id: `att-${date.replaceAll('-', '')}-${personId}${place}`,
    personId,
    schoolId: enrollment.schoolId,
    sectionId: periods === undefined ? undefined : sectionId,
    period: periods?.get(sectionId),
    date,
    kind,
    reason: kind === 'unexcused' ? undefined : random.pick(reasons),
    modifiedAt: roster.modifiedAt,
  };
}

function weekdayAfter(date: string, days: number): string {
  const later = addDays(date, days);
  const weekday = new Date(`${later}T00:00:00Z`).getUTCDay();
  if (weekday === 6) return addDays(later, 2);
  return weekday === 0 ? addDays(later, 1) : later;
}
