import { Id, mayHave, Text } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { at } from '../paths.ts';
import { commonOf, idOf } from '../wire/record.ts';
import { userWrite } from '../write-back/user-write.ts';

const User = z.object({
  id: Id,
  name: Text,
  ...mayHave(
    Text,
    'sortable_name',
    'short_name',
    'first_name',
    'last_name',
    'sis_user_id',
    'integration_id',
    'login_id',
    'email',
  ),
});
type User = z.output<typeof User>;

/** People have no roles in Canvas but those of their enrollments. */
export const users = defineEntity({
  entityType: 'user',
  // Without asking, there is no e-mail address.
  collection: () => at(['accounts', 'self', 'users'], { query: { 'include[]': 'email' } }),
  one: (id) => at(['users', id], { query: { 'include[]': 'email' } }),
  write: userWrite,
  wire: User,
  idOf,
  read: (user) => [
    {
      id: user.id,
      value: {
        ...commonOf({}, { integration_id: user.integration_id, short_name: user.short_name }),
        // Whoever is deleted is not listed.
        enabledUser: true,
        ...nameOf(user),
        roles: [],
        ...present({
          username: user.login_id,
          identifier: user.sis_user_id,
          userIds:
            user.sis_user_id === undefined ? undefined : [{ type: 'SIS', identifier: user.sis_user_id }],
          email: user.email,
        }),
      },
    },
  ],
});

/**
 * `Family, Given` is how Canvas sorts people, unless they or the school wrote something else there. Who has one name only has no other. A
 * middle name is part of the given one, if it is there at all.
 */
function nameOf({ name, sortable_name = name, first_name, last_name }: User) {
  if (first_name !== undefined || last_name !== undefined)
    return { givenName: first_name ?? '', familyName: last_name ?? '' };
  const comma = sortable_name.indexOf(',');
  if (comma === -1) return { givenName: sortable_name, familyName: '' };
  return {
    givenName: sortable_name.slice(comma + 1).trim(),
    familyName: sortable_name.slice(0, comma).trim(),
  };
}
