import { wordAs } from '@flotilla/substrate/lenient';

/** Clever's words, and the CEDS codes that OneRoster has, from the youngest on. */
const inOrder: readonly (readonly [word: string, code: string])[] = [
  ['InfantToddler', 'IT'],
  ['Preschool', 'PR'],
  ['PreKindergarten', 'PK'],
  ['TransitionalKindergarten', 'TK'],
  ['Kindergarten', 'KG'],
  ...Array.from({ length: 13 }, (_, at) => [String(at + 1), String(at + 1).padStart(2, '0')] as const),
];
const codes = inOrder.map(([, code]) => code);

export const Grade = wordAs<Readonly<Record<string, string>>>({
  ...Object.fromEntries(inOrder),
  // What has one meaning is read: "01" is the first grade.
  ...Object.fromEntries(codes.map((code) => [code, code])),
  PostGraduate: 'PS',
  Ungraded: 'UG',
  Other: 'Other',
});

/** Pure. The grades of a school that says its lowest and its highest; undefined where they are in no order. */
export function gradesBetween(low = '', high = ''): string[] | undefined {
  const [first, last] = [codes.indexOf(low), codes.indexOf(high)];
  return first === -1 || last < first ? undefined : codes.slice(first, last + 1);
}
