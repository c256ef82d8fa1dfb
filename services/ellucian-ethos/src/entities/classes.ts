import { DateOnly, listOf, optional, Text, word } from '@flotilla/substrate/lenient';
import { at, defineEntity, recordShape } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { readSections } from '../representation.ts';
import { Meetings } from '../wire/meetings.ts';
import { Credits, common, maybe, Reference, Title } from '../wire/record.ts';
import { sectionWrite } from '../write-back/section-write.ts';

const alternateIds = listOf(z.object({ title: Text, value: Text }));

/** By what people look for a section besides its code: its number within the course, its CRN and other systems' keys. */
const Metadata = z
  .object({ number: optional(Text), code: optional(Text), alternateIds })
  .transform(({ number, code, alternateIds: others }) => {
    const keys = others?.map(({ title, value }) => [title, value] as const);
    const metadata = {
      ...(code === undefined || number === undefined ? {} : { number }),
      ...(keys === undefined ? {} : { alternateIds: Object.fromEntries(keys) }),
    };
    return Object.keys(metadata).length === 0 ? undefined : metadata;
  });

const shape = recordShape({
  ...common,
  status: at(
    'status.category',
    optional(word('open', 'closed', 'pending', 'cancelled')).transform((category) =>
      category === 'cancelled' ? 'inactive' : 'active',
    ),
  ),
  metadata: at('', Metadata),
});

const Code = z
  .object({ code: optional(Text), number: optional(Text) })
  .transform(({ code, number }) => code ?? number);

const Terms = z
  .object({ academicPeriod: maybe(Reference), reportingAcademicPeriod: maybe(Reference) })
  .transform(({ academicPeriod, reportingAcademicPeriod: reporting }) =>
    [academicPeriod ?? reporting].filter((period) => period !== undefined),
  );

const Only = optional(Text).transform((text) => (text === undefined ? undefined : [text]));

/** Sections, in either representation. The maximum one has the names of what it points to, and the meetings. */
export const classes = defineEntity({
  ...shape('class', {
    title: at('', Title),
    classCode: at('', Code),
    beginDate: at('startOn', optional(DateOnly)),
    endDate: at('endOn', optional(DateOnly)),
    credits: Credits,
    subjects: at('course.subject.title', Only),
    subjectCodes: at('course.subject.abbreviation', Only),
    courseSourcedId: at('course', Reference),
    schoolSourcedId: at('site', maybe(Reference)),
    termSourcedIds: at('', Terms),
    meetings: at('instructionalEvents', Meetings),
  }),
  ...readSections,
  write: sectionWrite,
});
