import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { DateOnly, listOf, listOfOne, optional, Text, wordAs } from '@flotilla/substrate/lenient';
import { at, defineEntity, demand, metadataOf, theOnly, withElement } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import type { Connection } from '../connection.ts';
import { readSections, sectionsOf } from '../representation.ts';
import { Meetings } from '../wire/meetings.ts';
import { Credits, Guid, idOf, shape, title } from '../wire/record.ts';
import { writeTo } from '../write-back/write-to.ts';

/** Other systems' keys of a section, by their names. */
const Keys = listOf(z.object({ title: Text, value: Text })).transform(
  (keys) => keys && Object.fromEntries(keys.map(({ title: name, value }) => [name, value])),
);
const Terms = listOfOne(Guid).transform((ids) => ids ?? []);
type Titled = JsonObject & { readonly value: string };
const Status = wordAs({ open: 'active', closed: 'active', pending: 'active', cancelled: 'inactive' });

/** In either representation. The maximum one has the names of what it points to, and the meetings. */
const section = {
  title,
  classCode: at('code|number', optional(Text)),
  beginDate: at('startOn', optional(DateOnly)),
  endDate: at('endOn', optional(DateOnly)),
  credits: Credits,
  subjects: at('course.subject.title', listOfOne(Text)),
  subjectCodes: at('course.subject.abbreviation', listOfOne(Text)),
  courseSourcedId: at(idOf('course'), Guid),
  schoolSourcedId: at(idOf('site'), optional(Guid)),
  termSourcedIds: at(idOf('academicPeriod', 'reportingAcademicPeriod'), Terms),
  meetings: at('instructionalEvents', Meetings),
  status: at('status.category', optional(Status)),
};
const written = ['classCode', 'courseSourcedId', 'schoolSourcedId', 'beginDate', 'endDate'] as const;

export const classes = defineEntity({
  ...shape('class', { ...section, metadata: metadataOf({ number: optional(Text), alternateIds: Keys }) }),
  ...readSections,
  // Where sections are read in the maximum representation, which is for reading only, what is sent is what we map: ERPs take over what is
  // sent and keep the rest.
  write: writeTo<'class'>('sections', {
    members: ['title', 'termSourcedIds', ...written],
    readIn: sectionsOf,
    table: section,
    written,
    besides: ({ value, latest, changed }, own, connection) => {
      demand(value.courseSourcedId, 'courseSourcedId');
      demand(value.beginDate, 'beginDate');
      const id = theOnly(value.termSourcedIds);
      return {
        academicPeriod: id === undefined ? id : { id },
        ...((latest === undefined || changed.includes('title')) && titlesOf(value.title, own, connection)),
      };
    },
    created: (_, { instructionalMethod }) => ({
      instructionalMethods: [{ id: demand(instructionalMethod, 'instructionalMethod, in the connection') }],
    }),
    criteria: ({ courseSourcedId: id = '' }, connection) => ({
      course: sectionsOf(connection) === 'sections' ? { id } : { detail: { id } },
    }),
    identity: ['title', 'courseSourcedId', 'beginDate'],
  }),
});

/** In the place of the one that was read: the longest. */
function titlesOf(value: string, own: JsonObject, { sectionTitleType }: Connection) {
  const longest = (all: readonly Titled[]) => all.toSorted((a, b) => b.value.length - a.value.length)[0];
  const type = () => ({ id: demand(sectionTitleType, 'sectionTitleType, in the connection') });
  return { titles: withElement(own.titles, longest, (known) => ({ ...(known ?? { type: type() }), value })) };
}
