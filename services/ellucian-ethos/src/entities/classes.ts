import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import type { Connection } from '../connection.ts';
import { listOf, oneOf, sectionsOf } from '../representation.ts';
import { Credits, creditsOf } from '../wire/credits.ts';
import { DateOnly, optional, Reference, Text, word } from '../wire/lenient.ts';
import { Meetings, meetingsOf } from '../wire/meetings.ts';
import { commonOf, envelope, hasTitle, idOf, needsTitle, titled, titleOf } from '../wire/record.ts';
import { sectionWrite } from '../write-back/section-write.ts';

/** Also of the final grades, each of a section. */
export const listSections = (connection: Connection) => listOf(sectionsOf(connection), connection);

/** Sections, in either representation. The maximum one has the names of what it points to, and the meetings. */
const Section = z
  .object({
    ...envelope,
    ...titled,
    code: optional(Text),
    number: optional(Text),
    startOn: optional(DateOnly),
    endOn: optional(DateOnly),
    course: Reference,
    subject: optional(Text),
    site: optional(Reference),
    academicPeriod: optional(Reference),
    reportingAcademicPeriod: optional(Reference),
    credits: Credits,
    status: optional(z.object({ category: optional(word(['open', 'closed', 'pending', 'cancelled'])) })),
    alternateIds: optional(z.array(z.object({ title: Text, value: Text }))),
    instructionalEvents: Meetings,
  })
  .refine(hasTitle, needsTitle);

const Subject = z.object({
  course: z.object({ subject: z.object({ title: optional(Text), abbreviation: optional(Text) }) }),
});

export const classes = defineEntity({
  entityType: 'class',
  collection: listSections,
  one: (id, connection: Connection) => oneOf(sectionsOf(connection), id, connection),
  // Of the course, both the id and what it says of its subject.
  wire: z.unknown().transform((record, context) => {
    const section = Section.safeParse(record);
    if (section.success) return { ...section.data, subject: Subject.safeParse(record).data?.course.subject };
    for (const issue of section.error.issues) context.addIssue({ ...issue });
    return z.NEVER;
  }),
  idOf,
  read: (section) => {
    const period = section.academicPeriod ?? section.reportingAcademicPeriod;
    const { subject } = section;
    const value = present({
      ...commonOf(section),
      status: section.status?.category === 'cancelled' ? ('inactive' as const) : ('active' as const),
      metadata: metadataOf(section),
      title: titleOf(section).trim(),
      classCode: section.code ?? section.number,
      beginDate: section.startOn,
      endDate: section.endOn,
      credits: creditsOf(section.credits),
      subjects: subject?.title === undefined ? undefined : [subject.title],
      subjectCodes: subject?.abbreviation === undefined ? undefined : [subject.abbreviation],
      courseSourcedId: section.course,
      schoolSourcedId: section.site,
      termSourcedIds: period === undefined ? [] : [period],
      meetings: meetingsOf(section.instructionalEvents),
    });
    return [{ id: section.id, value }];
  },
  write: sectionWrite,
});

/** By what people look for a section besides its code: its number within the course, its CRN and other systems' keys. */
function metadataOf({
  number,
  code,
  alternateIds = [],
}: Pick<z.output<typeof Section>, 'number' | 'code' | 'alternateIds'>) {
  const others = Object.fromEntries(alternateIds.map(({ title, value }) => [title, value]));
  const own = code === undefined || number === undefined ? {} : { number };
  const metadata = { ...own, ...(alternateIds.length === 0 ? {} : { alternateIds: others }) };
  return Object.keys(metadata).length === 0 ? undefined : metadata;
}
