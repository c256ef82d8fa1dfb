import { Id, optional, Text, wordAs } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { rostering } from '../paths.ts';
import { Day, recordOf, State } from '../wire/record.ts';

const types = {
  school_year: 'schoolYear',
  semester: 'semester',
  term: 'term',
  grading_period: 'gradingPeriod',
} as const;

/** Edlink says neither of what school year a session is, nor that one is a part of another. */
export const academicSessions = defineEntity({
  entityType: 'academicSession',
  ...rostering('sessions'),
  wire: recordOf({
    members: {
      title: ['name', Text],
      type: ['type', wordAs(types)],
      startDate: ['start_date', optional(Day)],
      endDate: ['end_date', optional(Day)],
    },
    needed: { school_id: optional(Id), district_id: optional(Id) },
    noted: { state: State },
  }),
  read: ({ id, value, needed: { school_id, district_id } }) => [
    { id, value: { ...value, ...present({ orgSourcedId: school_id ?? district_id }) } },
  ],
});
