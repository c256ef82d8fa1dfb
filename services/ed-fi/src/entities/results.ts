import { DateOnly, Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { z } from 'zod';
import { at, to } from '../wire/field.ts';
import { referenceTo } from '../wire/keys.ts';
import { Word, wordIn } from '../wire/lenient.ts';
import { defineResource } from '../wire/resource.ts';

const statuses = {
  exempt: /exempt|excused/i,
  'fully graded': /^graded$/i,
  submitted: /^(submitted|turned in)/i,
};
/** Data Standard 3 has no points. */
const score = 'pointsEarned|numericGradeEarned?';

const Status = z
  .object({ submissionStatusDescriptor: optional(Word), ...graded() })
  .transform(({ submissionStatusDescriptor: word = '', ...marks }) => {
    const said = wordIn(statuses, word) ?? 'not submitted';
    const isGraded = Object.values(marks).some((mark) => mark !== undefined);
    return isGraded && said !== 'exempt' ? 'fully graded' : said;
  });

function graded() {
  const Mark = optional(Text);
  return { pointsEarned: Mark, numericGradeEarned: Mark, letterGradeEarned: Mark };
}

export const results = defineResource(
  'result',
  {
    studentGradebookEntries: {
      lineItemSourcedId: to('gradebookEntryReference', 'gradebookEntries'),
      studentSourcedId: to('studentReference', 'students'),
      scoreStatus: at('', Status),
      score: at(score, Numeric),
      textScore: at('letterGradeEarned?', Text),
      scoreDate: at('dateFulfilled?', DateOnly),
      comment: at('diagnosticStatement?', Text),
      late: at(
        'assignmentLateStatusDescriptor?',
        Word.transform((word) => ({ late: true, 'not late': false, 'on time': false })[word.toLowerCase()]),
      ),
      missing: at(
        'submissionStatusDescriptor?',
        Word.transform((word) => /missing/i.test(word) || undefined),
      ),
    },
  },
  {
    write: {
      members: ['lineItemSourcedId', 'studentSourcedId', 'score', 'textScore', 'scoreDate', 'comment'],
      // The host has one for each entry and student, so that is also where a new one is found.
      created: ({ value }) => ({
        gradebookEntryReference: referenceTo('gradebookEntries', value.lineItemSourcedId),
        studentReference: referenceTo('students', value.studentSourcedId),
      }),
      identity: ['lineItemSourcedId', 'studentSourcedId'],
    },
  },
);
