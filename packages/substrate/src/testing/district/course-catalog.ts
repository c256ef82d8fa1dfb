import type { Course, Level } from './district.ts';

/** Pure. Kindergarten to twelfth grade, in CEDS codes. */
export const grades = [
  'KG',
  ...Array.from({ length: 12 }, (_, at) => String(at + 1).padStart(2, '0')),
] as const;

/** Pure. */
export function levelOfGrade(grade: string): Level {
  if (grade === 'KG' || grade <= '05') return 'elementary';
  return grade <= '08' ? 'middle' : 'high';
}

type Line = readonly [subject: string, subjectCode: string, titles: string, span?: Course['span']];

// A title per grade, separated by `|`; a single one holds for every grade of the level. `#` is the grade.
const lines: Readonly<Record<Level, readonly Line[]>> = {
  elementary: [
    ['English Language Arts', '51028', 'Reading and Writing #'],
    ['Mathematics', '52028', 'Mathematics #'],
    ['Science', '53228', 'Science #'],
    ['Social Studies', '54428', 'Social Studies #'],
    ['Art', '55195', 'Art #'],
    ['Physical Education', '58028', 'Physical Education #'],
  ],
  middle: [
    ['English Language Arts', '51034', 'English #'],
    ['Mathematics', '52034', 'Math #|Pre-Algebra|Algebra Foundations'],
    ['Science', '53231', 'Earth Science|Life Science|Physical Science'],
    ['Social Studies', '54436', 'World Cultures|State History|U.S. History to 1877'],
    ['Physical Education', '58034', 'Physical Education #'],
    ['Music', '55100', 'Band|Orchestra|Choir', 'first-semester'],
    ['Technology', '60010', 'Keyboarding|Robotics|Coding & Design', 'second-semester'],
  ],
  high: [
    [
      'English Language Arts',
      '01001',
      'English 9|English 10|American Literature|English 12: "Voices", Essays',
    ],
    ['Mathematics', '02052', 'Algebra I|Geometry|Algebra II|Pre-Calculus'],
    ['Science', '03051', 'Biology|Chemistry|Physics|Environmental Science'],
    ['Social Studies', '04052', 'World Geography|World History|U.S. History|Government & Economics'],
    ['World Languages', '24052', 'Español I|Español II|Français III|Español IV'],
    ['Health', '08051', 'Health|Personal Fitness|Nutrition|First Aid', 'first-semester'],
    ['Arts', '05154', 'Drawing|Theatre|Photography|Film Studies', 'second-semester'],
  ],
};

/** Pure. What is taught in a grade; six courses in elementary grades, seven above (two of them half a year long). */
export function coursesOfGrade(grade: string): readonly Course[] {
  const level = levelOfGrade(grade);
  const siblings = grades.filter((other) => levelOfGrade(other) === level);
  return lines[level].map(([subject, subjectCode, titles, span = 'year'], at) => {
    const choices = titles.split('|');
    const title = choices.length === 1 ? (choices[0] ?? '') : (choices[siblings.indexOf(grade)] ?? '');
    return {
      id: `crs-${grade.toLowerCase()}-${at + 1}`,
      title: title.replace('#', grade === 'KG' ? 'K' : String(Number(grade))),
      code: `${subject.slice(0, 3).toUpperCase()}${grade}${at + 1}`,
      grade,
      level,
      subject,
      subjectCode,
      span,
    };
  });
}
