import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type EntityType, entityTypeFacts, entityTypeNames } from './entity-types.ts';
import { exchangeReferences, referencePatterns, referencesIn } from './references.ts';

/** Every pointer of a schema, `*` for the elements of lists. */
function pointersIn(schema: z.core.JSONSchema._JSONSchema, pointer = ''): readonly string[] {
  if (typeof schema === 'boolean') return [pointer];
  const members = Object.entries(schema.properties ?? {});
  const items = schema.items;
  if (items !== undefined && !Array.isArray(items)) return pointersIn(items, `${pointer}/*`);
  if (members.length === 0) return [pointer];
  return members.flatMap(([name, member]) => pointersIn(member, `${pointer}/${name}`));
}

function schemaPointers(entityType: EntityType): readonly string[] {
  return pointersIn(z.toJSONSchema(entityTypeFacts(entityType).schema, { io: 'output' }));
}

describe.each(entityTypeNames)('the references of a canonical %s', (entityType) => {
  const { references, others } = referencePatterns(entityType);

  test('are all members that are called after an id, but for those that are listed as none', () => {
    const named = schemaPointers(entityType).filter((pointer) => /SourcedIds?(\/\*)?$/.test(pointer));
    // Demographics stand under their user's id, which is no member.
    const declared = [...references.keys()].filter((pointer) => pointer !== '');
    expect([...declared, ...others].toSorted()).toEqual(named.toSorted());
  });

  test('lead to the entity types that come before it, or to its own', () => {
    const targets = new Set(references.values());
    targets.delete(entityType);
    expect([...targets].toSorted()).toEqual(entityTypeFacts(entityType).refersTo.toSorted());
  });
});

describe('the references in a record', () => {
  test('come with the member that names them, also within lists', () => {
    const user = {
      roles: [{ role: 'student', orgSourcedId: 'o1' }, { role: 'aide' }, { orgSourcedId: 'o2' }],
      primaryOrgSourcedId: 'o1',
      agentSourcedIds: ['u7'],
    };
    expect(referencesIn('user', 'u1', user)).toEqual([
      { entityType: 'org', id: 'o1', pointer: '/roles/0/orgSourcedId' },
      { entityType: 'org', id: 'o2', pointer: '/roles/2/orgSourcedId' },
      { entityType: 'org', id: 'o1', pointer: '/primaryOrgSourcedId' },
      { entityType: 'user', id: 'u7', pointer: '/agentSourcedIds/0' },
    ]);
  });

  test('of demographics is the user whose id they stand under', () => {
    expect(referencesIn('demographics', 'u1', {})).toEqual([{ entityType: 'user', id: 'u1', pointer: '' }]);
  });

  test.each([
    ['a member that is missing', {}],
    ['a member that is no text', { userSourcedId: 7, classSourcedId: null }],
    ['an inherited member', Object.create({ userSourcedId: 'u1' })],
  ])('are none for %s', (_name, value) => {
    expect(referencesIn('enrollment', 'e1', value)).toEqual([]);
  });

  test('are exchanged wherever they stand, and a record without any stays the same object', () => {
    const group = {
      title: 'Algebra',
      courseSourcedId: 'c1',
      schoolSourcedId: 'o1',
      termSourcedIds: ['t1', 't2'],
    };
    const exchanged = exchangeReferences('class', group, ({ entityType, id }) =>
      entityType === 'academicSession' && id === 't2' ? 't9' : id,
    );
    expect(exchanged).toEqual({ ...group, termSourcedIds: ['t1', 't9'] });
    expect(exchangeReferences('class', group, ({ id }) => id)).toBe(group);
  });
});
