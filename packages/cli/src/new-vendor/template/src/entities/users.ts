import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';

/** Only what `read` uses. A record that does not fit stays out, alone, and the report says why. */
const User = z.object({
  id: z.string().min(1),
  firstName: z.string(),
  lastName: z.string(),
  email: z.string().nullish(),
  role: z.enum(['student', 'teacher', 'principal', 'siteAdministrator', 'districtAdministrator', 'guardian']),
  grade: z.string().nullish(),
  badge: z.string().nullish(),
  orgIds: z.array(z.string()),
  updatedAt: z.iso.datetime({ offset: true }),
});

export const users = defineEntity({
  entityType: 'user',
  collection: () => ({ path: '/users', member: 'data' }),
  wire: User,
  read: (user) => [
    {
      id: user.id,
      value: {
        status: 'active',
        dateLastModified: user.updatedAt,
        enabledUser: true,
        givenName: user.firstName,
        familyName: user.lastName,
        roles: user.orgIds.map((orgSourcedId, at) => ({
          roleType: at === 0 ? ('primary' as const) : ('secondary' as const),
          role: user.role,
          orgSourcedId,
        })),
        ...present({
          email: user.email ?? undefined,
          identifier: user.badge ?? undefined,
          grades: user.grade == null ? undefined : [user.grade],
        }),
      },
    },
  ],
  idOf: (record) => User.pick({ id: true }).safeParse(record).data?.id,
});
