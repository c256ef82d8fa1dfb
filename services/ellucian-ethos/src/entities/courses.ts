import { listOf as lenientList, mayHave, Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { at, defineEntity, lookup, metadataOf, onlyOf, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import type { Connection } from '../connection.ts';
import { listOf, read } from '../representation.ts';
import { Credits, Guid, Known, shape, Trimmed, title } from '../wire/record.ts';

/** The unit that owns most of it; undefined where several own as much. */
const Owner = lenientList(
  z.object({ institutionUnit: Known, ownershipPercentage: optional(Numeric) }),
).transform((owners = []) => {
  const most = Math.max(...owners.map(({ ownershipPercentage = 0 }) => ownershipPercentage));
  return onlyOf(owners.filter(({ ownershipPercentage = 0 }) => ownershipPercentage === most))
    ?.institutionUnit;
});

/** What the GUID of a course's subject means. */
const subjects = lookup('course', {
  collection: (connection: Connection) => listOf('subjects', connection),
  id: Guid,
  says: z
    .object({ title: Trimmed, ...mayHave(Text, 'abbreviation') })
    .transform((subject) => present(subject)),
  refersTo: ({ metadata }) => metadata?.subject,
  members: ['subjects', 'subjectCodes'],
  add: (course, { title: name, abbreviation: code }) => ({
    ...course,
    subjects: [name],
    ...(code === undefined ? {} : { subjectCodes: [code] }),
  }),
});

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
  joins: { subjects },
});
