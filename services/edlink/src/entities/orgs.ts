import { Id, optional, Text, TextList } from '@flotilla/substrate/lenient';
import { at, defineEntity } from '@flotilla/substrate/vendor';
import { type Connection, rostering } from '../paths.ts';
import { allIdentifiers, identifierOf, shapeOf } from '../wire/record.ts';

export const orgs = defineEntity({
  ...shapeOf()('org', {
    name: Text,
    // A school's only: there is nothing above a district.
    type: at(
      'district_id',
      optional(Id).transform((id) => (id === undefined ? ('district' as const) : ('school' as const))),
    ),
    identifier: identifierOf('sis_id', 'state_id', 'nces_id'),
    identifiers: allIdentifiers,
    grades: at('grade_levels', TextList),
    phone: at('location.phone', optional(Text)),
    parentSourcedId: at('district_id', optional(Id)),
  }),
  lists: () => ['districts', 'schools'],
  collection: (connection: Connection, list) => rostering(list || 'districts').collection(connection),
});
