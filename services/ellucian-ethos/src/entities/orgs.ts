import { optional, Text, Trimmed } from '@flotilla/substrate/lenient';
import type { EntityValue } from '@flotilla/substrate/model';
import { always, at, defineEntity, type Members, recordShape } from '@flotilla/substrate/vendor';
import { readAmong } from '../representation.ts';
import { common, Guid, idOf } from '../wire/record.ts';

const shape = recordShape({ ...common, isDeleted: ({ homeInstitution }) => homeInstitution === 'external' });

function org(type: Members<EntityValue<'org'>>['type']) {
  return shape('org', {
    name: at('title', Trimmed),
    type,
    identifier: at('code', optional(Text)),
    parentSourcedId: at(idOf('parents.unit', 'parents.institution', 'institution'), optional(Guid)),
  });
}

/** Colleges and faculties have no word in OneRoster. */
const Unit = Text.transform((type) =>
  type === 'school' || type === 'department' ? type : (`ext:${type}` as const),
);

/** From the institution down: its colleges, schools and departments, and its campuses, which OneRoster calls schools. */
export const orgs = defineEntity(
  readAmong('org', {
    'educational-institutions': org(always('district')),
    'educational-institution-units': org(at('type', Unit)),
    sites: org(always('school')),
  }),
);
