import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { gradebook, oneOf } from '../paths.ts';
import { envelope, enveloped, readEnveloped, sourcedIdOf } from '../wire/envelope.ts';
import { DateOnly, Numeric, optional, Reference, Text, Truth, word } from '../wire/lenient.ts';
import { resultWrite } from '../write-back/result-write.ts';

export const results = defineEntity({
  entityType: 'result',
  collection: gradebook('results'),
  one: oneOf(gradebook('results'), 'result'),
  write: resultWrite,
  wire: enveloped(
    z.object({
      ...envelope,
      lineItem: Reference,
      student: Reference,
      class: optional(Reference),
      scoreScale: optional(Reference),
      // The standard's words have spaces.
      scoreStatus: word(['exempt', 'fully graded', 'not submitted', 'partially graded', 'submitted']),
      score: optional(Numeric),
      textScore: optional(Text),
      scoreDate: DateOnly,
      comment: optional(Text),
      inProgress: optional(Truth),
      incomplete: optional(Truth),
      late: optional(Truth),
      missing: optional(Truth),
    }),
  ),
  idOf: sourcedIdOf,
  read: readEnveloped((result) =>
    present({
      lineItemSourcedId: result.lineItem,
      studentSourcedId: result.student,
      classSourcedId: result.class,
      scoreScaleSourcedId: result.scoreScale,
      scoreStatus: result.scoreStatus,
      score: result.score,
      textScore: result.textScore,
      scoreDate: result.scoreDate,
      comment: result.comment,
      inProgress: result.inProgress,
      incomplete: result.incomplete,
      late: result.late,
      missing: result.missing,
    }),
  ),
});
