import { DateOnly, optional, Text, wordAs } from '@flotilla/substrate/lenient';
import { at, defineEntity, recordShape } from '@flotilla/substrate/vendor';
import { read } from '../representation.ts';
import { common, maybe, Reference, Trimmed } from '../wire/record.ts';

/** People look for a term by its code: 202610, 2025FA. */
const metadata = at(
  'code',
  optional(Text).transform((code) => (code === undefined ? undefined : { code })),
);

/** Years, terms and parts of terms. Whether a term is a semester, nobody says. */
export const academicSessions = defineEntity({
  ...recordShape({ ...common, metadata })('academicSession', {
    title: Trimmed,
    startDate: at('startOn', DateOnly),
    endDate: at('endOn', DateOnly),
    type: at('category.type', wordAs({ year: 'schoolYear', term: 'term', subterm: 'gradingPeriod' })),
    parentSourcedId: at('category.parent', maybe(Reference)),
  }),
  ...read('academic-periods'),
});
