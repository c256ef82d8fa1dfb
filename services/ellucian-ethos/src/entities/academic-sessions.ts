import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import type { Connection } from '../connection.ts';
import { listOf, oneOf } from '../representation.ts';
import { DateOnly, optional, Reference, Text, word } from '../wire/lenient.ts';
import { commonOf, envelope, idOf } from '../wire/record.ts';

const types = { year: 'schoolYear', term: 'term', subterm: 'gradingPeriod' } as const;

/** Years, terms and parts of terms. Whether a term is a semester, nobody says. */
export const academicSessions = defineEntity({
  entityType: 'academicSession',
  collection: (connection: Connection) => listOf('academic-periods', connection),
  one: (id, connection) => oneOf('academic-periods', id, connection),
  wire: z.object({
    ...envelope,
    title: Text,
    code: optional(Text),
    startOn: DateOnly,
    endOn: DateOnly,
    category: z.object({ type: word(['year', 'term', 'subterm']), parent: optional(Reference) }),
  }),
  idOf,
  read: (period) => [
    {
      id: period.id,
      value: present({
        ...commonOf(period),
        // People look for a term by its code: 202610, 2025FA.
        metadata: period.code === undefined ? undefined : { code: period.code },
        title: period.title.trim(),
        startDate: period.startOn,
        endDate: period.endOn,
        type: types[period.category.type],
        parentSourcedId: period.category.parent,
      }),
    },
  ],
});
