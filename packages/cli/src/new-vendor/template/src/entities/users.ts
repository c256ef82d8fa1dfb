import { Id, listOfOne, optional, Text, word } from '@flotilla/substrate/lenient';
import { always, at, defineEntity } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { shape } from '../shape.ts';

/** What the roles are made of: one role, held at each org; the first is the primary one. */
const Roles = z
  .object({
    role: word('student', 'teacher', 'principal', 'siteAdministrator', 'districtAdministrator', 'guardian'),
    orgIds: z.array(Id),
  })
  .transform(({ role, orgIds }) =>
    orgIds.map((orgSourcedId, place) => ({
      roleType: place === 0 ? ('primary' as const) : ('secondary' as const),
      role,
      orgSourcedId,
    })),
  );

export const users = defineEntity({
  ...shape('user', {
    // The vendor does not say: whoever is gone is not listed.
    enabledUser: always(true),
    givenName: at('firstName', Text),
    familyName: at('lastName', Text),
    // Of several members, so of the record itself.
    roles: at('', Roles),
    email: optional(Text),
    identifier: at('badge', optional(Text)),
    grades: at('grade', listOfOne(Text)),
  }),
  collection: () => ({ path: '/users', member: 'data' }),
});
