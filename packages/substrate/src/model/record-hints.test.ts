import { expect, test } from 'vitest';
import type { JsonObject } from '../json/json-value.ts';
import type { EntityType } from './entity-types.ts';
import { recordHints } from './record-hints.ts';

const named = { givenName: 'Hannah', familyName: 'Garcia' };
const asked = (...roles: readonly string[]) => roles.map((role) => ({ roleType: 'primary', role }));

test.each<[EntityType, JsonObject | null, readonly string[]]>([
  ['user', { ...named, roles: asked('guardian'), identifier: 'G-7' }, ['guardian', 'G-7']],
  [
    'user',
    { ...named, roles: asked('student', 'student', 'aide'), grades: ['05'], username: 'hg', identifier: '7' },
    ['student, aide', 'grade 05', 'hg'],
  ],
  [
    'user',
    { ...named, roles: asked('a', 'b', 'c', 'd'), grades: ['KG', '01'] },
    ['a, b, c, …', 'grades KG, 01'],
  ],
  ['user', { ...named, username: '', userMasterIdentifier: 'M1' }, ['M1']],
  ['user', { username: 'hg', roles: asked('teacher') }, ['teacher']],
  ['user', { roles: 'student', grades: [7, null, ''], username: 7 }, []],
  ['user', { roles: [null, 'student', { role: 3 }] }, []],
  ['class', { title: 'Algebra', classCode: 'A-1', termSourcedIds: ['t1'] }, ['A-1', 'term t1']],
  ['class', { classCode: 'A-1', termSourcedIds: ['t1', 't2'] }, ['terms t1, t2']],
  ['enrollment', { userSourcedId: 'u', classSourcedId: 'c', role: 'student' }, ['student']],
  ['demographics', { sex: 'female', birthDate: '2011-01-01', username: 'x' }, []],
  ['org', { name: 'North', roles: asked('x') }, []],
  ['user', null, []],
])('a record of the type %s like %j is told from others of its name by %j', (entityType, value, hints) => {
  expect(recordHints(entityType, value)).toEqual(hints);
});
