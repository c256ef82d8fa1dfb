import { optional, Text, wordAs } from '@flotilla/substrate/lenient';
import { at, defineEntity } from '@flotilla/substrate/vendor';
import { rostering } from '../paths.ts';
import { Day, owner, State, shapeOf } from '../wire/record.ts';

const Type = wordAs({
  school_year: 'schoolYear',
  semester: 'semester',
  term: 'term',
  grading_period: 'gradingPeriod',
});

/** Edlink says neither of what school year a session is, nor that one is a part of another. */
export const academicSessions = defineEntity({
  ...shapeOf({ state: State })('academicSession', {
    title: at('name', Text),
    type: Type,
    startDate: at('start_date', optional(Day)),
    endDate: at('end_date', optional(Day)),
    orgSourcedId: owner,
  }),
  ...rostering('sessions'),
});
