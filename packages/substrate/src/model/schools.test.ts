import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import { type EntityType, entityTypeNames } from './entity-types.ts';
import { referencePatterns } from './references.ts';
import { schoolsOf } from './schools.ts';

/** A value with nothing but a text at this pattern. */
function valueWith(pattern: string, text: string): JsonObject {
  const names = pattern.split('/').slice(1);
  return names.reduceRight<JsonValue>(
    (inner, name) => (name === '*' ? [inner] : { [name]: inner }),
    text,
  ) as JsonObject;
}

/** Every member that leads to an org. An org's parent is the level above, not its school. */
const orgMembers = entityTypeNames.flatMap((entityType) =>
  [...referencePatterns(entityType).references]
    .filter(([, target]) => target === 'org' && entityType !== 'org')
    .map(([pattern]): [EntityType, string] => [entityType, pattern]),
);

describe('the schools of a record', () => {
  test.each(orgMembers)('of %s are those that %s names', (entityType, pattern) => {
    expect(schoolsOf(entityType, 'r1', valueWith(pattern, 'o1'))).toEqual(['o1']);
  });

  test('of an org is itself', () => {
    expect(schoolsOf('org', 'o1', { parentSourcedId: 'district' })).toEqual(['o1']);
  });

  test('of a user is the primary one alone, and of one without it each where he has a role, once', () => {
    const roles = [{ orgSourcedId: 'o2' }, { orgSourcedId: 'o3' }, { orgSourcedId: 'o2' }, null, {}];
    expect(schoolsOf('user', 'u1', { primaryOrgSourcedId: 'o1', roles })).toEqual(['o1']);
    expect(schoolsOf('user', 'u1', { roles })).toEqual(['o2', 'o3']);
  });

  test.each(entityTypeNames.filter((name) => name !== 'org'))(
    'of %s are none where it names none',
    (entityType) => {
      expect(schoolsOf(entityType, 'r1', { schoolSourcedId: 7, roles: 'none' })).toEqual([]);
    },
  );
});
