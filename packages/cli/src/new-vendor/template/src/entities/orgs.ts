import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';

/** Only what `read` uses. A record that does not fit stays out, alone, and the report says why. */
const Org = z.object({
  id: z.string().min(1),
  name: z.string(),
  kind: z.enum(['district', 'school']),
  number: z.string().nullish(),
  districtId: z.string().nullish(),
  updatedAt: z.iso.datetime({ offset: true }),
});

export const orgs = defineEntity({
  entityType: 'org',
  collection: () => ({ path: '/orgs', member: 'data' }),
  wire: Org,
  read: (org) => [
    {
      id: org.id,
      value: {
        status: 'active',
        dateLastModified: org.updatedAt,
        name: org.name,
        type: org.kind,
        ...present({
          identifier: org.number ?? undefined,
          parentSourcedId: org.districtId ?? undefined,
        }),
      },
    },
  ],
  idOf: (record) => Org.pick({ id: true }).safeParse(record).data?.id,
});
