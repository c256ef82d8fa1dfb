import { expect, test } from 'vitest';
import { gradeOf } from './grade.ts';

test.each([
  ['Ninth grade', '09'],
  ['ninth', '09'],
  ['9', '09'],
  ['09', '09'],
  ['13', '13'],
  ['Twelfth Grade', '12'],
  ['Kindergarten', 'KG'],
  ['kg', 'KG'],
  ['Pre-Kindergarten', 'PK'],
  ['Preschool/Prekindergarten', 'PK'],
  ['InfantToddler', 'IT'],
  ['Ungraded', 'UG'],
  ['ug', 'UG'],
  ['Postsecondary', 'PS'],
])('the grade %j is %j', (word, code) => {
  expect(gradeOf(word)).toBe(code);
});

test.each(['', 'grade', '0', '14', '100', '-1', 'constructor', 'Grade school', '1-2', 'Other'])(
  '%j is no grade',
  (word) => {
    expect(gradeOf(word)).toBeUndefined();
  },
);
