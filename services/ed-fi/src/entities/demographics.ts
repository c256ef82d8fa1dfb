import { z } from 'zod';
import { at } from '../wire/field.ts';
import { listOf, vocabulary, Word } from '../wire/lenient.ts';
import { defineResource } from '../wire/resource.ts';

const Sex = vocabulary({
  female: /^female$/i,
  male: /^male$/i,
  unspecified: /^not[- ]selected$/i,
  other: /^(non-?binary|other|x)$/i,
});

/** The standard's words have changed their conjunctions (`Black - African American`, `Black or African American`). None named: nothing is known. */
function race(isMeant: (words: readonly string[]) => boolean) {
  const Races = listOf('raceDescriptor', Word);
  return at(
    'races?',
    Races.transform((words) => (words === undefined ? undefined : isMeant(words))),
  );
}

function named(pattern: RegExp) {
  return race((words) => words.some((word) => pattern.test(word)));
}

export const demographics = defineResource(
  'demographics',
  {
    studentEducationOrganizationAssociations: {
      sex: at('sexDescriptor?', Sex),
      americanIndianOrAlaskaNative: named(/american indian|alaska native/i),
      asian: named(/^asian/i),
      blackOrAfricanAmerican: named(/\bblack\b|african american/i),
      nativeHawaiianOrOtherPacificIslander: named(/hawaiian|pacific islander/i),
      white: named(/^white/i),
      demographicRaceTwoOrMoreRaces: race((words) => words.length > 1 || /two or more/i.test(words[0] ?? '')),
      hispanicOrLatinoEthnicity: at('hispanicLatinoEthnicity?', z.boolean()),
    },
  },
  {
    query: ({ demographicsOf }): Readonly<Record<string, string>> =>
      demographicsOf === undefined ? {} : { educationOrganizationId: demographicsOf },
  },
);
