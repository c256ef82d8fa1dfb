import { optional, Text } from '@flotilla/substrate/lenient';
import { at, defineEntity } from '@flotilla/substrate/vendor';
import { oneOf, rostering } from '../paths.ts';
import { Reference, shape, word } from '../wire/record.ts';

export const orgs = defineEntity({
  ...shape('org', {
    name: Text,
    type: word('department', 'district', 'local', 'national', 'school', 'state'),
    identifier: optional(Text),
    parentSourcedId: at('parent', optional(Reference)),
  }),
  collection: rostering('orgs'),
  one: oneOf(rostering('orgs'), 'org'),
});
