import { listOf, optional, Text } from '@flotilla/substrate/lenient';
import { at, namesIn, theOnly, together } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { DateOfMoment, toNumber, Word } from '../wire/lenient.ts';
import { defineResource, to } from '../wire/resources.ts';

const Score = z
  .object({ assessmentReportingMethodDescriptor: Word, result: Text })
  .transform((score) => [score.assessmentReportingMethodDescriptor.toLowerCase(), score.result] as const);

/** The only score that is no percentile; of several the one that stands for the whole, if one is called so. */
const Scores = listOf(Score).transform((all = []) => {
  const percentiles = all.filter(([method]) => method.includes('percentile'));
  const scores = all.filter((one) => !percentiles.includes(one));
  const named = (name: string) => scores.find(([method]) => method === name);
  const whole = named('scale score') ?? named('composite score') ?? named('raw score');
  const [, text] = theOnly(scores) ?? whole ?? [];
  const [, percentile] = theOnly(percentiles) ?? [];
  const score = toNumber(text);
  return { score, textScore: score === undefined ? text : undefined, scorePercentile: toNumber(percentile) };
});
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
    ...together('scoreResults', Scores, 'score', 'textScore', 'scorePercentile'),
    performanceLevel: at('performanceLevels', Levels),
    scoreDate: at('administrationDate', DateOfMoment),
  },
});
