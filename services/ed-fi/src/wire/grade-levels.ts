import { listOf, Word } from './lenient.ts';

/** The standard's grade levels by their first word, in CEDS codes, as OneRoster has grades. */
const codes: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'infant/toddler IT,preschool/prekindergarten PK,kindergarten KG,first 01,second 02,third 03,fourth 04,fifth 05,sixth 06',
    'seventh 07,eighth 08,ninth 09,tenth 10,eleventh 11,twelfth 12,postsecondary PS,ungraded UG',
  ].flatMap((line) => line.split(',').map((pair) => pair.split(' '))),
);

/** Pure. A list of grade levels, as codes in order. `Ninth grade` is 09; a word that a host has of its own stays as it is. */
export const GradeLevels = listOf(
  'gradeLevelDescriptor',
  Word.transform((word) => codes[word.toLowerCase().replace(/ grade$/, '')] ?? word),
);
