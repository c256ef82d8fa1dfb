import type { z } from 'zod';
import { at } from './record-shape.ts';

/** The words of the United States' census, which vendors join in many ways: `Black - African American`, `black-or-african-american`. */
const patterns = {
  americanIndianOrAlaskaNative: /american.indian|alaska.native/i,
  asian: /^asian/i,
  blackOrAfricanAmerican: /\bblack\b|african.american/i,
  nativeHawaiianOrOtherPacificIslander: /hawaiian|pacific.islander/i,
  white: /^(white|caucasian)/i,
};

/** Pure. For a table of demographics: the members that say somebody's races, of a list of words. Where none is named, nothing is known. */
export function raceMembers(path: string, Words: z.ZodType<readonly string[] | undefined>) {
  const said = (isMeant: (words: readonly string[]) => boolean) =>
    at(
      path,
      Words.transform((words) => (words === undefined ? undefined : isMeant(words))),
    );
  const named = (pattern: RegExp) => said((words) => words.some((word) => pattern.test(word)));
  return {
    americanIndianOrAlaskaNative: named(patterns.americanIndianOrAlaskaNative),
    asian: named(patterns.asian),
    blackOrAfricanAmerican: named(patterns.blackOrAfricanAmerican),
    nativeHawaiianOrOtherPacificIslander: named(patterns.nativeHawaiianOrOtherPacificIslander),
    white: named(patterns.white),
    demographicRaceTwoOrMoreRaces: said((words) => words.length > 1 || /two.or.more/i.test(words[0] ?? '')),
  };
}
