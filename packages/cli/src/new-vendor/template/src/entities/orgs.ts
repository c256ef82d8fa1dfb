import { Id, optional, Text, word } from '@flotilla/substrate/lenient';
import { at, defineEntity } from '@flotilla/substrate/vendor';
import { shape } from '../shape.ts';

export const orgs = defineEntity({
  // Each canonical member: where the vendor has it, and how it reads there. A record that does not fit stays out, alone, and the report says why.
  ...shape('org', {
    name: Text,
    type: at('kind', word('district', 'school')),
    identifier: at('number', optional(Text)),
    parentSourcedId: at('districtId', optional(Id)),
  }),
  collection: () => ({ path: '/orgs', member: 'data' }),
});
