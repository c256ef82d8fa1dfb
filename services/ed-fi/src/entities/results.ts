import { DateOnly, mayHave, Numeric, optional, Text, wordIn } from '@flotilla/substrate/lenient';
import { at } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { Word } from '../wire/lenient.ts';
import { defineResource, to } from '../wire/resources.ts';

const statuses = {
  exempt: /exempt|excused/i,
  'fully graded': /^graded$/i,
  submitted: /^(submitted|turned in)/i,
};

const Status = z
  .object({
    submissionStatusDescriptor: optional(Word),
    ...mayHave(Text, 'pointsEarned', 'numericGradeEarned', 'letterGradeEarned'),
  })
  .transform(({ submissionStatusDescriptor: word = '', ...marks }) => {
    const said = wordIn(statuses, word) ?? 'not submitted';
    const isGraded = Object.values(marks).some((mark) => mark !== undefined);
    return isGraded && said !== 'exempt' ? 'fully graded' : said;
  });
const Late = Word.transform(
  (word) => ({ late: true, 'not late': false, 'on time': false })[word.toLowerCase()],
);
const Missing = Word.transform((word) => /missing/i.test(word) || undefined);

export const results = defineResource(
  'result',
  {
    studentGradebookEntries: {
      lineItemSourcedId: to('gradebookEntryReference', 'gradebookEntries'),
      studentSourcedId: to('studentReference', 'students'),
      scoreStatus: at('', Status),
      // Data Standard 3 has no points.
      score: at('pointsEarned|numericGradeEarned', optional(Numeric)),
      textScore: at('letterGradeEarned', optional(Text)),
      scoreDate: at('dateFulfilled', optional(DateOnly)),
      comment: at('diagnosticStatement', optional(Text)),
      late: at('assignmentLateStatusDescriptor', optional(Late)),
      missing: at('submissionStatusDescriptor', optional(Missing)),
    },
  },
  {
    write: {
      members: ['lineItemSourcedId', 'studentSourcedId', 'score', 'textScore', 'scoreDate', 'comment'],
      // The host has one for each entry and student, so that is also where a new one is found.
      identity: ['lineItemSourcedId', 'studentSourcedId'],
    },
  },
);
