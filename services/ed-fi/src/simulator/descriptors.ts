import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { Session } from '@flotilla/substrate/testing/district/district';

const grades =
  'KG=Kindergarten,01=First grade,02=Second grade,03=Third grade,04=Fourth grade,05=Fifth grade,06=Sixth grade,07=Seventh grade,08=Eighth grade,09=Ninth grade,10=Tenth grade,11=Eleventh grade,12=Twelfth grade';
const gradeWords = new Map(grades.split(',').map((pair) => pair.split('=') as [string, string]));
/** As words of `RaceDescriptor`. */
export const raceWords = {
  'american-indian': 'American Indian - Alaska Native',
  asian: 'Asian',
  black: 'Black - African American',
  'pacific-islander': 'Native Hawaiian - Pacific Islander',
  white: 'White',
};
/** As words of `StaffClassificationDescriptor`, of those who are staff. */
export const classifications: Readonly<Record<string, string>> = {
  teacher: 'Teacher',
  principal: 'Principal',
  'school-administrator': 'School Administrator',
  'district-administrator': 'LEA Administrator',
};
export const ordinals = ['First', 'Second', 'Third', 'Fourth'];
/** As words of `AttendanceEventCategoryDescriptor`. */
export const attendanceWords = { excused: 'Excused Absence', unexcused: 'Unexcused Absence', tardy: 'Tardy' };
export function scoreResult(method: string, result: number): JsonObject {
  return {
    assessmentReportingMethodDescriptor: descriptor('AssessmentReportingMethod', method),
    resultDatatypeTypeDescriptor: descriptor('ResultDatatypeType', 'Integer'),
    result: String(result),
  };
}

export function descriptor(name: string, word: string): string {
  return `uri://ed-fi.org/${name}Descriptor#${word}`;
}

export function category(word: string): JsonObject {
  return { educationOrganizationCategoryDescriptor: descriptor('EducationOrganizationCategory', word) };
}

export function gradeLevel(grade: string) {
  return { gradeLevelDescriptor: descriptor('GradeLevel', gradeWords.get(grade) ?? grade) };
}

export function termWord({ kind, title }: Session): string {
  if (kind === 'schoolYear') return 'Year Round';
  return kind === 'semester' ? title : `${ordinals[Number(title.at(-1)) - 1]} Quarter`;
}
