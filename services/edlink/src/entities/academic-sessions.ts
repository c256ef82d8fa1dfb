import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { rostering } from '../paths.ts';
import { Day, Id, optional, Text, word } from '../wire/lenient.ts';
import { envelope, State, toReading } from '../wire/record.ts';

/** Edlink says neither of what school year a session is, nor that one is a part of another. */
export const academicSessions = defineEntity({
  entityType: 'academicSession',
  ...rostering('sessions'),
  wire: z.object({
    ...envelope,
    name: Text,
    start_date: optional(Day),
    end_date: optional(Day),
    state: State,
    type: word({
      school_year: 'schoolYear',
      semester: 'semester',
      term: 'term',
      grading_period: 'gradingPeriod',
    }),
    school_id: optional(Id),
    district_id: optional(Id),
  }),
  read: (session) =>
    toReading(
      session,
      present({
        title: session.name,
        type: session.type,
        startDate: session.start_date,
        endDate: session.end_date,
        orgSourcedId: session.school_id ?? session.district_id,
      }),
    ),
});
