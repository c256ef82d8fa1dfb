import { optional, Text } from '@flotilla/substrate/lenient';
import { z } from 'zod';
import { at, to } from '../wire/field.ts';
import { DateOfMoment, toNumber, Word } from '../wire/lenient.ts';
import { defineResource } from '../wire/resource.ts';

const Score = z.object({ assessmentReportingMethodDescriptor: Word, result: Text }).transform((score) => ({
  method: score.assessmentReportingMethodDescriptor.toLowerCase(),
  text: score.result,
}));

/** The only score; of several the one that stands for the whole, if one is called so. */
const Main = z.array(Score).transform((all) => {
  const scores = all.filter(({ method }) => !method.includes('percentile'));
  const whole = ['scale score', 'composite score', 'raw score'].map((name) =>
    scores.find(({ method }) => method === name),
  );
  return (scores.length === 1 ? scores[0] : whole.find((score) => score !== undefined))?.text;
});
const Percentile = z.array(Score).transform((all) => {
  const [one, ...others] = all.filter(({ method }) => method.includes('percentile'));
  return others.length > 0 ? undefined : toNumber(one?.text);
});
const Level = z
  .array(z.object({ performanceLevelDescriptor: Word }))
  .transform(([level, ...others]) => (others.length > 0 ? undefined : level?.performanceLevelDescriptor));

const List = optional(z.array(z.unknown()));
const Status = z
  .object({ scoreResults: List, performanceLevels: List, reasonNotTestedDescriptor: optional(Word) })
  .transform(({ scoreResults = [], performanceLevels = [], reasonNotTestedDescriptor: reason }) => {
    if (scoreResults.length + performanceLevels.length > 0) return 'fully graded' as const;
    return reason === undefined ? ('submitted' as const) : ('not submitted' as const);
  });

export const assessmentResults = defineResource('assessmentResult', {
  studentAssessments: {
    assessmentSourcedId: to('assessmentReference', 'assessments'),
    studentSourcedId: to('studentReference', 'students'),
    scoreStatus: at('', Status),
    score: at('scoreResults?', Main.transform(toNumber)),
    textScore: at(
      'scoreResults?',
      Main.transform((text) => (toNumber(text) === undefined ? text : undefined)),
    ),
    scorePercentile: at('scoreResults?', Percentile),
    performanceLevel: at('performanceLevels?', Level),
    scoreDate: at('administrationDate', DateOfMoment),
  },
});
