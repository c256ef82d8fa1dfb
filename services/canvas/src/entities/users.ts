import { listOfOne, mayHave, optional, Text } from '@flotilla/substrate/lenient';
import { always, at, defineEntity, metadataOf, together } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { ofAccount, resource } from '../paths.ts';
import { shapeOf } from '../wire/record.ts';
import { sisIds, sisImport } from '../write-back/sis-import.ts';

/**
 * `Family, Given` is how Canvas sorts people, unless they or the school wrote something else there. Who has one name only has no other. A
 * middle name is part of the given one, if it is there at all.
 */
const Name = z
  .object({ name: Text, ...mayHave(Text, 'sortable_name', 'first_name', 'last_name') })
  .transform(({ name, sortable_name = name, first_name, last_name }) => {
    if (first_name !== undefined || last_name !== undefined)
      return { givenName: first_name ?? '', familyName: last_name ?? '' };
    const [family, ...given] = sortable_name.split(',');
    if (family === undefined || given.length === 0) return { givenName: sortable_name, familyName: '' };
    return { givenName: given.join(',').trim(), familyName: family.trim() };
  });

const SisId = Text.transform((identifier) => ({ type: 'SIS', identifier }));

/** Without asking, there is no e-mail address. */
const query = { 'include[]': 'email' };

/** People have no roles in Canvas but those of their enrollments. */
export const users = defineEntity({
  ...shapeOf()('user', {
    // Whoever is deleted is not listed.
    enabledUser: always(true),
    ...together('', Name, 'givenName', 'familyName'),
    roles: always([]),
    username: at('login_id', optional(Text)),
    identifier: at('sis_user_id', optional(Text)),
    userIds: at('sis_user_id', listOfOne(SisId)),
    email: optional(Text),
    metadata: metadataOf(mayHave(Text, 'integration_id', 'short_name')),
  }),
  collection: () => ofAccount('users', { query }),
  one: (id) => resource(['users', id], { query }),
  // A deleted person's enrollments go along.
  write: sisImport<'user'>({
    members: ['username', 'givenName', 'familyName', 'email'],
    columns: (user) => ({
      user_id: sisIds.own('user', user),
      login_id: user.value.username,
      first_name: user.value.givenName,
      last_name: user.value.familyName,
      email: user.value.email,
    }),
    where: ({ value }) => ofAccount('users', { query: { ...query, search_term: value.identifier ?? '' } }),
    identity: ['identifier'],
  }),
});
