import { listOf, Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { at, defineEntity } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { read } from '../representation.ts';
import { Credits, Guid, inMetadata, maybe, shape, title } from '../wire/record.ts';

/** The unit that owns most of it; undefined where several own as much. */
const Owner = listOf(
  z.object({ institutionUnit: maybe(z.object({ id: Guid })), ownershipPercentage: optional(Numeric) }),
).transform((owners = []) => {
  const most = Math.max(...owners.map(({ ownershipPercentage = 0 }) => ownershipPercentage));
  const first = owners.filter(({ ownershipPercentage = 0 }) => ownershipPercentage === most);
  return first.length === 1 ? first[0]?.institutionUnit?.id : undefined;
});

export const courses = defineEntity({
  ...shape('course', {
    title,
    courseCode: at('number', Text),
    description: optional(Text),
    credits: Credits,
    orgSourcedId: at('owningInstitutionUnits', Owner),
    // A GUID of the subjects' list: its name stands with the course's sections.
    metadata: inMetadata('subject'),
  }),
  ...read('courses'),
});
