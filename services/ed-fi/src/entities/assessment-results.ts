import { listOf, optional, Text } from '@flotilla/substrate/lenient';
import { at, namesIn, theOnly } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { DateOfMoment, toNumber, Word } from '../wire/lenient.ts';
import { defineResource, to } from '../wire/resources.ts';

const Score = z
  .object({ assessmentReportingMethodDescriptor: Word, result: Text })
  .transform((score) => [score.assessmentReportingMethodDescriptor.toLowerCase(), score.result] as const);
const Scores = listOf(Score).transform((scores = []) => scores);

/** The only score; of several the one that stands for the whole, if one is called so. */
const Main = Scores.transform((all) => {
  const scores = all.filter(([method]) => !method.includes('percentile'));
  const whole = ['scale score', 'composite score', 'raw score'].map((name) =>
    scores.find(([method]) => method === name),
  );
  return (theOnly(scores) ?? whole.find(Boolean))?.[1];
});
const Percentile = Scores.transform(
  (all) => theOnly(all.filter(([method]) => method.includes('percentile')))?.[1],
);
const Levels = namesIn('performanceLevelDescriptor', Word).transform((levels) => theOnly(levels));

const List = listOf(z.unknown());
const Status = z
  .object({ scoreResults: List, performanceLevels: List, reasonNotTestedDescriptor: optional(Word) })
  .transform(({ scoreResults, performanceLevels, reasonNotTestedDescriptor: reason }) => {
    if (scoreResults ?? performanceLevels) return 'fully graded' as const;
    return reason === undefined ? ('submitted' as const) : ('not submitted' as const);
  });

export const assessmentResults = defineResource('assessmentResult', {
  studentAssessments: {
    assessmentSourcedId: to('assessmentReference', 'assessments'),
    studentSourcedId: to('studentReference', 'students'),
    scoreStatus: at('', Status),
    score: at('scoreResults', Main.transform(toNumber)),
    textScore: at(
      'scoreResults',
      Main.transform((text) => (toNumber(text) === undefined ? text : undefined)),
    ),
    scorePercentile: at('scoreResults', Percentile.transform(toNumber)),
    performanceLevel: at('performanceLevels', Levels),
    scoreDate: at('administrationDate', DateOfMoment),
  },
});
