import type { Course, Session } from './district.ts';

/**
 * Pure. One school year of two semesters, each of two terms (quarters), each with one grading period: 11 sessions. Ends are the day
 * after the last one.
 */
export function createSchoolYear(year: number): readonly Session[] {
  const edges = [`${year - 1}-08-18`, `${year - 1}-10-20`, `${year}-01-05`, `${year}-03-16`, `${year}-06-06`];
  function edge(at: number): string {
    return edges[at] ?? '';
  }
  const sessions: Session[] = [
    {
      id: `ses-${year}`,
      title: `${year - 1}-${year}`,
      kind: 'schoolYear',
      startDate: edge(0),
      endDate: edge(4),
      parentId: undefined,
    },
  ];
  for (const half of [1, 2]) {
    sessions.push({
      id: `ses-${year}-s${half}`,
      title: half === 1 ? 'Fall Semester' : 'Spring Semester',
      kind: 'semester',
      startDate: edge(2 * half - 2),
      endDate: edge(2 * half),
      parentId: `ses-${year}`,
    });
  }
  for (const quarter of [1, 2, 3, 4]) {
    const dates = { startDate: edge(quarter - 1), endDate: edge(quarter) };
    const semester = `ses-${year}-s${quarter <= 2 ? 1 : 2}`;
    const term = `ses-${year}-q${quarter}`;
    sessions.push(
      { id: term, title: `Quarter ${quarter}`, kind: 'term', ...dates, parentId: semester },
      {
        id: `${term}-gp`,
        title: `Grading Period ${quarter}`,
        kind: 'gradingPeriod',
        ...dates,
        parentId: term,
      },
    );
  }
  return sessions;
}

/** Pure. The terms in which a course is taught. */
export function termsOfCourse(course: Course, sessions: readonly Session[]): readonly Session[] {
  const terms = sessions.filter((session) => session.kind === 'term');
  if (course.span === 'year') return terms;
  return course.span === 'first-semester' ? terms.slice(0, 2) : terms.slice(2);
}

/** Pure. `YYYY-MM-DD`, so many days later. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
