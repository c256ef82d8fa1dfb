import { listOf, Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { at, defineEntity, recordShape } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { read } from '../representation.ts';
import { Credits, common, maybe, Reference, Title } from '../wire/record.ts';

/** A GUID of the subjects' list: its name stands with the course's sections. */
const metadata = at(
  'subject',
  maybe(Reference).transform((subject) => (subject === undefined ? undefined : { subject })),
);

/** The unit that owns most of it; undefined where several own as much. */
const Owner = listOf(
  z.object({ institutionUnit: maybe(Reference), ownershipPercentage: optional(Numeric) }),
).transform((owners = []) => {
  const most = Math.max(...owners.map(({ ownershipPercentage = 0 }) => ownershipPercentage));
  const first = owners.filter(({ ownershipPercentage = 0 }) => ownershipPercentage === most);
  return first.length === 1 ? first[0]?.institutionUnit : undefined;
});

export const courses = defineEntity({
  ...recordShape({ ...common, metadata })('course', {
    title: at('', Title),
    courseCode: at('number', Text),
    description: optional(Text),
    credits: Credits,
    orgSourcedId: at('owningInstitutionUnits', Owner),
  }),
  ...read('courses'),
});
