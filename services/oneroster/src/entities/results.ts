import { DateOnly, Flag, Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { at, defineEntity } from '@flotilla/substrate/vendor';
import { gradebook, oneOf } from '../paths.ts';
import { Reference, shape, word } from '../wire/record.ts';
import { resultWrite } from '../write-back/result-write.ts';

export const results = defineEntity({
  ...shape('result', {
    lineItemSourcedId: at('lineItem', Reference),
    studentSourcedId: at('student', Reference),
    classSourcedId: at('class', optional(Reference)),
    scoreScaleSourcedId: at('scoreScale', optional(Reference)),
    // The standard's words have spaces.
    scoreStatus: word('exempt', 'fully graded', 'not submitted', 'partially graded', 'submitted'),
    score: optional(Numeric),
    textScore: optional(Text),
    scoreDate: DateOnly,
    comment: optional(Text),
    inProgress: optional(Flag),
    incomplete: optional(Flag),
    late: optional(Flag),
    missing: optional(Flag),
  }),
  collection: gradebook('results'),
  one: oneOf(gradebook('results'), 'result'),
  write: resultWrite,
});
