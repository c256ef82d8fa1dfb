import { defineEntity } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { oneOf, sectionsOf } from '../representation.ts';
import { commonOf, envelope, idOf } from '../wire/record.ts';
import { listSections } from './classes.ts';

/** A section has one grade that goes into transcripts: its line item, under the section's id. */
export const lineItems = defineEntity({
  entityType: 'lineItem',
  from: 'class',
  collection: listSections,
  one: (id, connection) => oneOf(sectionsOf(connection), id, connection),
  wire: z.object(envelope),
  idOf,
  read: (section) => [
    {
      id: section.id,
      value: { ...commonOf(section), title: 'Final grade', classSourcedId: section.id },
    },
  ],
});
