import { optional, Text } from '@flotilla/substrate/lenient';
import type { EntityValue } from '@flotilla/substrate/model';
import { at, defineEntity, recordShape } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { readEach } from '../representation.ts';
import { common, maybe, Reference, Trimmed } from '../wire/record.ts';

/** From the institution down: its colleges, schools and departments, and its campuses. */
const resources = ['educational-institutions', 'educational-institution-units', 'sites'] as const;

/** A campus is what OneRoster calls a school, and so is a unit of that name; colleges and faculties have no word there. */
const Type = z
  .object({ resource: optional(z.string()), type: optional(Text) })
  .transform(({ resource = resources[0], type }, context): EntityValue<'org'>['type'] => {
    if (resource === 'educational-institutions') return 'district';
    if (resource === 'sites') return 'school';
    if (type === 'school' || type === 'department') return type;
    if (type !== undefined) return `ext:${type}`;
    context.addIssue({ code: 'custom', path: ['type'], message: 'a unit needs a type' });
    return z.NEVER;
  });

const Parent = z
  .object({
    parents: maybe(z.object({ unit: maybe(Reference), institution: maybe(Reference) })),
    institution: maybe(Reference),
  })
  .transform(({ parents, institution }) => parents?.unit ?? parents?.institution ?? institution);

const shape = recordShape({ ...common, isDeleted: ({ homeInstitution }) => homeInstitution === 'external' });

export const orgs = defineEntity({
  ...shape('org', {
    name: at('title', Trimmed),
    type: at('', Type),
    identifier: at('code', optional(Text)),
    parentSourcedId: at('', Parent),
  }),
  // Where students went to school before is listed too, often by the ten thousand.
  ...readEach(resources, { 'educational-institutions': { homeInstitution: 'home' } }),
});
