import { DateOnly, optional, Text, Trimmed, wordAs } from '@flotilla/substrate/lenient';
import { at, defineEntity, metadataOf } from '@flotilla/substrate/vendor';
import { read } from '../representation.ts';
import { Guid, idOf, shape } from '../wire/record.ts';

/** Years, terms and parts of terms. Whether a term is a semester, nobody says. */
export const academicSessions = defineEntity({
  ...shape('academicSession', {
    title: Trimmed,
    startDate: at('startOn', DateOnly),
    endDate: at('endOn', DateOnly),
    type: at('category.type', wordAs({ year: 'schoolYear', term: 'term', subterm: 'gradingPeriod' })),
    parentSourcedId: at(idOf('category.parent'), optional(Guid)),
    // People look for a term by it: 202610, 2025FA.
    metadata: metadataOf({ code: optional(Text) }),
  }),
  ...read('academic-periods'),
});
