import type { EntityValue } from '@flotilla/substrate/model';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import type { Connection } from '../connection.ts';
import { isOffered, listOf } from '../representation.ts';
import { optional, Reference, Text, word } from '../wire/lenient.ts';
import { commonOf, envelope, idOf } from '../wire/record.ts';

/** From the institution down: its colleges, schools and departments, and its campuses. */
const resources = ['educational-institutions', 'educational-institution-units', 'sites'] as const;

const Org = z
  .object({
    ...envelope,
    resource: z.enum(resources).default('educational-institutions'),
    title: Text,
    code: optional(Text),
    homeInstitution: optional(word(['home', 'external'])),
    type: optional(z.string()),
    parents: optional(z.object({ unit: optional(Reference), institution: optional(Reference) })),
    institution: optional(Reference),
  })
  .refine(({ resource, type }) => resource !== 'educational-institution-units' || type !== undefined, {
    path: ['type'],
    message: 'a unit needs a type',
  });

export const orgs = defineEntity({
  entityType: 'org',
  lists: (connection: Connection) => resources.filter((name) => isOffered(connection, name)),
  collection: (connection, list) => {
    const resource = resources.find((name) => name === list) ?? resources[0];
    // Where students went to school before is listed too, often by the ten thousand.
    const home = resource === 'educational-institutions' ? { homeInstitution: 'home' } : undefined;
    return { ...listOf(resource, connection, home), implied: { resource } };
  },
  wire: Org,
  idOf,
  read: (org) => {
    if (org.homeInstitution === 'external') return [{ id: org.id, deleted: true }];
    const value = present({
      ...commonOf(org),
      name: org.title.trim(),
      type: typeOf(org),
      identifier: org.code,
      parentSourcedId: org.parents?.unit ?? org.parents?.institution ?? org.institution,
    });
    return [{ id: org.id, value }];
  },
});

/** A campus is what OneRoster calls a school, and so is a unit of that name; colleges and faculties have no word there. */
function typeOf({ resource, type = '' }: z.output<typeof Org>): EntityValue<'org'>['type'] {
  if (resource === 'educational-institutions') return 'district';
  if (resource === 'sites') return 'school';
  return type === 'school' || type === 'department' ? type : `ext:${type}`;
}
