import { Failure } from '@flotilla/substrate/failure';
import { DateOnly, Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { at } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { IdOf, idOf, referenceTo, to } from '../wire/keys.ts';
import { Name } from '../wire/lenient.ts';
import { defineResource } from '../wire/resource.ts';

/** The standard knows no zone: days and times are those of the school, written as UTC. */
const Due = z
  .object({ dueDate: optional(DateOnly), dueTime: optional(z.iso.time()) })
  .transform(
    ({ dueDate, dueTime = '00:00:00' }) => dueDate && new Date(`${dueDate}T${dueTime}Z`).toISOString(),
  );

const Midnight = DateOnly.transform((date) => `${date}T00:00:00.000Z`);

/** A descriptor in full is the key of one. */
const Category = Text.transform((descriptor) => {
  const [namespace = '', codeValue = ''] = descriptor.split('#');
  return idOf('gradebookEntryTypeDescriptors', { namespace, codeValue });
});

export const lineItems = defineResource(
  'lineItem',
  {
    gradebookEntries: {
      title: Name,
      description: optional(Text),
      assignDate: at('dateAssigned', Midnight),
      dueDate: at('', Due, dueAt),
      // The standard lets it be absent, and then says the class only in the words of the system that sent it.
      classSourcedId: to('sectionReference', 'sections'),
      categorySourcedId: at('gradebookEntryTypeDescriptor', optional(Category), (id) => {
        const { namespace, codeValue } = referenceTo('gradebookEntryTypeDescriptors', id);
        return `${namespace}#${codeValue}`;
      }),
      schoolSourcedId: to('sectionReference', 'schools'),
      gradingPeriodSourcedId: at('gradingPeriodReference', optional(IdOf('gradingPeriods'))),
      resultValueMax: at('maxPoints', optional(Numeric)),
    },
  },
  {
    write: {
      // Not the day of assignment, which goes with a new one: the host has no time of it. Nor the grading period, whose descriptor has a
      // host's namespace.
      members: ['title', 'description', 'dueDate', 'classSourcedId', 'categorySourcedId', 'resultValueMax'],
      created: ({ id, value, at: now = '1970-01-01' }, { namespace }) => {
        if (namespace === undefined) {
          throw new Failure('push_rejected', 'Gradebook entries are created in a namespace', {
            data: { change: "enter the connection's namespace, such as uri://district.example" },
          });
        }
        const dateAssigned = (value.assignDate ?? now).slice(0, 10);
        const { sectionIdentifier = '' } = referenceTo('sections', value.classSourcedId);
        return {
          gradebookEntryIdentifier: id,
          namespace,
          dateAssigned,
          sourceSectionIdentifier: sectionIdentifier,
        };
      },
      identity: ['classSourcedId'],
    },
  },
);

/** In UTC, as it is read. */
function dueAt(moment: string | undefined) {
  const due = moment === undefined ? undefined : new Date(moment).toISOString();
  return { dueDate: due?.slice(0, 10), dueTime: due?.slice(11, 19) };
}
