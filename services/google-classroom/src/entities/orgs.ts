import { Id, mayHave, Text } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { orgUnits } from '../paths.ts';
import { idFrom } from '../wire/joined-id.ts';
import { isSchool, Schools } from '../wire/org-unit.ts';

/**
 * Organizational units, under their paths: people name theirs by nothing else. Google does not say what a unit is; which of them are
 * schools the connection says, and what is at the top is the district.
 */
export const orgs = defineEntity({
  entityType: 'org',
  collection: orgUnits,
  wire: z.object({
    orgUnitPath: Id,
    name: Text,
    ...mayHave(Id, 'orgUnitId', 'parentOrgUnitPath'),
    schools: Schools,
  }),
  idOf: idFrom('orgUnitPath'),
  read: ({ orgUnitPath, orgUnitId, name, parentOrgUnitPath, schools }) => [
    {
      id: orgUnitPath,
      value: {
        status: 'active',
        name,
        type: isSchool(orgUnitPath, schools)
          ? 'school'
          : orgUnitPath === '/'
            ? 'district'
            : 'ext:organizationalUnit',
        ...present({
          // It stays when the unit is renamed or moved, which its path does not.
          identifiers: orgUnitId === undefined ? undefined : [{ type: 'orgUnitId', identifier: orgUnitId }],
          parentSourcedId: parentOrgUnitPath,
        }),
      },
    },
  ],
});
