import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { oneOf, rostering } from '../paths.ts';
import { envelope, enveloped, readEnveloped, sourcedIdOf } from '../wire/envelope.ts';
import { optional, Reference, Text, word } from '../wire/lenient.ts';

export const orgs = defineEntity({
  entityType: 'org',
  collection: rostering('orgs'),
  one: oneOf(rostering('orgs'), 'org'),
  wire: enveloped(
    z.object({
      ...envelope,
      name: Text,
      type: word(['department', 'district', 'local', 'national', 'school', 'state']),
      identifier: optional(Text),
      parent: optional(Reference),
    }),
  ),
  idOf: sourcedIdOf,
  read: readEnveloped((org) =>
    present({ name: org.name, type: org.type, identifier: org.identifier, parentSourcedId: org.parent }),
  ),
});
