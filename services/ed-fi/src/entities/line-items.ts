import { DateOnly, Numeric, optional, Text } from '@flotilla/substrate/lenient';
import { at, dayAndTime, demand } from '@flotilla/substrate/vendor';
import { Name } from '../wire/lenient.ts';
import { defineResource, IdOf, idOf, referenceTo, to } from '../wire/resources.ts';

const Midnight = DateOnly.transform((date) => `${date}T00:00:00.000Z`);

/** A descriptor in full is the key of one. */
const Category = Text.transform((descriptor) => {
  const [namespace = '', codeValue = ''] = descriptor.split('#');
  return idOf('gradebookEntryTypeDescriptors', { namespace, codeValue });
});

const missingNamespace =
  "a namespace to create entries in: enter the connection's namespace, such as uri://district.example";

export const lineItems = defineResource(
  'lineItem',
  {
    gradebookEntries: {
      title: Name,
      description: optional(Text),
      assignDate: at('dateAssigned', Midnight),
      // The standard knows no zone: days and times are those of the school, written as UTC.
      dueDate: dayAndTime('dueDate', 'dueTime'),
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
      created: ({ id, value, at: now = '1970-01-01' }, connection) => {
        const namespace = demand(connection.namespace, missingNamespace);
        const dateAssigned = (value.assignDate ?? now).slice(0, 10);
        const { sectionIdentifier: section = '' } = referenceTo('sections', value.classSourcedId);
        return { namespace, gradebookEntryIdentifier: id, dateAssigned, sourceSectionIdentifier: section };
      },
      identity: ['classSourcedId'],
    },
  },
);
