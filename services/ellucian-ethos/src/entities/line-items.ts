import { always, at, defineEntity } from '@flotilla/substrate/vendor';
import { readSections } from '../representation.ts';
import { Guid, shape } from '../wire/record.ts';

/** A section has one grade that goes into transcripts: its line item, under the section's id. */
export const lineItems = defineEntity({
  ...shape('lineItem', { title: always('Final grade'), classSourcedId: at('id', Guid) }),
  from: 'class',
  ...readSections,
});
