import { listOf, listOfOne, Numeric, optional, Text, Trimmed } from '@flotilla/substrate/lenient';
import { at, defineEntity, lookup, metadataOf, theOnly } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { read } from '../representation.ts';
import { Credits, Guid, Known, shape, title } from '../wire/record.ts';

const Owners = listOf(z.object({ institutionUnit: Known, ownershipPercentage: optional(Numeric) }));
/** The unit that owns most of it; undefined where several own as much. */
const Owner = Owners.transform((owners = []) => {
  const most = Math.max(...owners.map(({ ownershipPercentage: part = 0 }) => part));
  return theOnly(owners.filter(({ ownershipPercentage: part = 0 }) => part === most))?.institutionUnit;
});

const Subject = z.object({ title: listOfOne(Trimmed), abbreviation: listOfOne(Text) });

export const courses = defineEntity({
  ...shape('course', {
    title,
    courseCode: at('number', Text),
    description: optional(Text),
    credits: Credits,
    orgSourcedId: at('owningInstitutionUnits', Owner),
    metadata: metadataOf({ subject: Known }),
  }),
  ...read('courses'),
  joins: {
    subjects: lookup('course', {
      ...read('subjects'),
      id: Guid,
      refersTo: ({ metadata }) => metadata?.subject,
      members: ['subjects', 'subjectCodes'],
      says: Subject.transform(({ title: subjects, abbreviation: subjectCodes }) => ({
        subjects,
        subjectCodes,
      })),
    }),
  },
});
