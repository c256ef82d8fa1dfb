import { Id, listOfOne, optional, Text } from '@flotilla/substrate/lenient';
import { at, defineEntity } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { orgUnits } from '../paths.ts';
import { isSchool, Schools } from '../wire/org-unit.ts';
import { shapeOf } from '../wire/record.ts';

const UnitId = Id.transform((identifier) => ({ type: 'orgUnitId', identifier }));

const Kind = z.object({ orgUnitPath: Id, schools: Schools }).transform(({ orgUnitPath, schools }) => {
  if (isSchool(orgUnitPath, schools)) return 'school';
  return orgUnitPath === '/' ? 'district' : 'ext:organizationalUnit';
});

/**
 * Organizational units, under their paths: people name theirs by nothing else. Google does not say what a unit is; which of them are
 * schools the connection says, and what is at the top is the district.
 */
export const orgs = defineEntity({
  ...shapeOf('orgUnitPath')('org', {
    name: Text,
    type: at('', Kind),
    // It stays when the unit is renamed or moved, which its path does not.
    identifiers: at('orgUnitId', listOfOne(UnitId)),
    parentSourcedId: at('parentOrgUnitPath', optional(Id)),
  }),
  collection: orgUnits,
});
