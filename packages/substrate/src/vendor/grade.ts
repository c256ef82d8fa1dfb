const codesByWord = new Map([
  ['infanttoddler', 'IT'],
  ['preschool', 'PR'],
  ['preschoolprekindergarten', 'PK'],
  ['prekindergarten', 'PK'],
  ['transitionalkindergarten', 'TK'],
  ['kindergarten', 'KG'],
  ['postgraduate', 'PS'],
  ['postsecondary', 'PS'],
  ['ungraded', 'UG'],
]);
const codes = new Set(codesByWord.values());
const ordinals =
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth'.split(' ');

/**
 * Pure. A grade in the CEDS codes that OneRoster has, `KG`, `09`: of a word (`Pre-Kindergarten`), a number from 1 to 13 in figures or letters
 * (`9`, `Ninth grade`), or the code itself, in any case. Undefined for what is none of these, and for what may be several (`1-2`).
 */
export function gradeOf(text: string): string | undefined {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/ grade$/, '');
  const number = /^\d{1,2}$/.test(word) ? Number(word) : ordinals.indexOf(word) + 1;
  if (number >= 1 && number <= ordinals.length) return String(number).padStart(2, '0');
  const code = word.toUpperCase();
  return codes.has(code) ? code : codesByWord.get(word.replace(/[^a-z\d]/g, ''));
}
