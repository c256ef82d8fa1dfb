import { listOf, Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { at, defineEntity, metadataOf, onlyOf } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { read } from '../representation.ts';
import { Credits, Known, shape, title } from '../wire/record.ts';

/** The unit that owns most of it; undefined where several own as much. */
const Owner = listOf(z.object({ institutionUnit: Known, ownershipPercentage: optional(Numeric) })).transform(
  (owners = []) => {
    const most = Math.max(...owners.map(({ ownershipPercentage = 0 }) => ownershipPercentage));
    return onlyOf(owners.filter(({ ownershipPercentage = 0 }) => ownershipPercentage === most))
      ?.institutionUnit;
  },
);

export const courses = defineEntity({
  ...shape('course', {
    title,
    courseCode: at('number', Text),
    description: optional(Text),
    credits: Credits,
    orgSourcedId: at('owningInstitutionUnits', Owner),
    // A GUID of the subjects' list: its name stands with the course's sections.
    metadata: metadataOf({ subject: Known }),
  }),
  ...read('courses'),
});
