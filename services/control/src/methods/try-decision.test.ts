import { digestJson } from '@flotilla/substrate/json/digest';
import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import { IntegrationSettings } from '@flotilla/substrate/settings/integration-settings';
import type { StoredConflict, StoredRecord } from '@flotilla/substrate/store';
import { describe, expect, test } from 'vitest';
import { tryDecision } from './try-decision.ts';

const moment = '2026-01-01T00:00:00.000Z';
const key = { customerId: 'springfield', integrationId: 'first', entityType: 'user', recordId: 'u1' };
const keyed = IntegrationSettings.parse({
  entityTypes: { user: { merge: { lists: { '/roles': { key: ['role'] } } } } },
});

function conflictAt(pointer: string, sides: StoredConflict['sides']): StoredConflict {
  return {
    ...key,
    conflictId: 'c1',
    pointer,
    kind: 'modify/modify',
    sides,
    inputs: digestJson({ ...sides }),
    rule: 'manual (default)',
    state: 'open',
    decision: null,
    runId: 'r1',
    foundAt: moment,
    openSince: moment,
    endedByRunId: null,
    endedAt: null,
    version: 1,
  };
}

function stored(value: JsonObject): StoredRecord {
  const row = { hash: 'h', base: null, baseHash: 'h', version: 1, editedAt: null, openConflicts: 1 };
  return { ...key, ...row, value, name: null, updatedAt: moment };
}

function tryValue(conflict: StoredConflict, ours: JsonObject, value: JsonValue, settings = keyed) {
  return tryDecision(conflict, stored(ours), settings, { value })?.result;
}

describe('a decided value', () => {
  test('stands in the place of the field', () => {
    const conflict = conflictAt('/email', { base: 'b', ours: 'o', theirs: 't' });
    expect(tryValue(conflict, { email: 'o', sms: '1' }, 'v')).toEqual({ email: 'v', sms: '1' });
  });

  test('stands in the element of a keyed list that goes by its key', () => {
    const conflict = conflictAt('/roles/teacher/orgSourcedId', { base: 'b', ours: 'o', theirs: 't' });
    const roles = [{ role: 'aide' }, { role: 'teacher', orgSourcedId: 'o' }];
    expect(tryValue(conflict, { roles }, 'v')).toEqual({
      roles: [{ role: 'aide' }, { role: 'teacher', orgSourcedId: 'v' }],
    });
  });

  test.each([
    ['a text', 'teacher', '/roles/teacher/orgSourcedId'],
    ['a text that begins as if it were in quotes', '"', '/roles/"/orgSourcedId'],
    ['a number', 10, '/roles/10/orgSourcedId'],
  ])('stands in the element of a keyed list whose key is %s', (_name, role, pointer) => {
    const conflict = conflictAt(pointer, { base: 'b', ours: 'o', theirs: 't' });
    const roles = [{ role, orgSourcedId: 'o' }];
    expect(tryValue(conflict, { roles }, 'v')).toEqual({ roles: [{ role, orgSourcedId: 'v' }] });
  });

  test('stands for a whole element that one side has deleted', () => {
    const element = { role: 'teacher', orgSourcedId: 'b' };
    const conflict = conflictAt('/roles/teacher', {
      base: element,
      theirs: { ...element, orgSourcedId: 't' },
    });
    const value = { role: 'teacher', orgSourcedId: 'v' };
    expect(tryValue(conflict, { roles: [{ role: 'aide' }] }, value)).toEqual({
      roles: [{ role: 'aide' }, value],
    });
  });

  test('stands where the name is one of every object, or needs escapes', () => {
    const hostile = JSON.parse('{"metadata":{"__proto__":"o","a/b~c":"o"}}') as JsonObject;
    for (const pointer of ['/metadata/__proto__', '/metadata/a~1b~0c']) {
      const conflict = conflictAt(pointer, { base: 'b', ours: 'o', theirs: 't' });
      const result = JSON.stringify(tryValue(conflict, hostile, 'v'));
      expect(result.match(/"v"/g), pointer).toHaveLength(1);
      expect(result.match(/"o"/g), pointer).toHaveLength(1);
    }
  });

  test('takes the place of a whole record', () => {
    const conflict = conflictAt('', { base: { email: 'b' }, ours: { email: 'o' } });
    expect(tryValue(conflict, { email: 'o' }, { email: 'v' })).toEqual({ email: 'v' });
  });

  test.each([null, 'text', [], 7])('of a whole record cannot be %j', (value) => {
    const conflict = conflictAt('', { base: { email: 'b' }, ours: { email: 'o' } });
    expect(() => tryValue(conflict, { email: 'o' }, value)).toThrow(
      expect.objectContaining({ code: 'invalid_params' }),
    );
  });

  test('with half of a character is refused, which the run would choke on', () => {
    const conflict = conflictAt('/email', { base: 'b', ours: 'o', theirs: 't' });
    expect(() => tryValue(conflict, { email: 'o' }, '\ud83d')).toThrow(
      expect.objectContaining({ code: 'invalid_params' }),
    );
  });
});

describe('what cannot be said', () => {
  test.each<[string, string, JsonObject]>([
    ['ours has changed since', '/email', { email: 'changed' }],
    ['the list has no such element any more', '/roles/teacher/orgSourcedId', { roles: [] }],
    ['the list is not told apart by key', '/userIds/x/type', { userIds: [{ type: 'o', identifier: 'x' }] }],
    [
      'the elements have the same key',
      '/roles/teacher/orgSourcedId',
      { roles: [{ role: 'teacher' }, { role: 'teacher' }] },
    ],
    [
      'only another side has the element for which this one is quoted',
      '/roles/"10"/orgSourcedId',
      { roles: [{ role: '10', orgSourcedId: 'o' }] },
    ],
    ['there is a text where an object was', '/metadata/a/b', { metadata: { a: 'text' } }],
    ['there is nothing where an object was', '/metadata/a/b', {}],
  ])('since %s is left to the run', (_name, pointer, ours) => {
    const conflict = conflictAt(pointer, { base: 'b', ours: 'o', theirs: 't' });
    expect(tryDecision(conflict, stored(ours), keyed, { value: 'v' })).toBeUndefined();
  });

  test('since the record is gone is left to the run', () => {
    const conflict = conflictAt('/email', { base: 'b', ours: 'o', theirs: 't' });
    expect(tryDecision(conflict, undefined, keyed, { value: 'v' })).toBeUndefined();
  });
});

test('a side that is chosen is taken, absence included', () => {
  const conflict = conflictAt('/email', { base: 'b', ours: 'o' });
  const ours = stored({ email: 'o', sms: '1' });
  expect(tryDecision(conflict, ours, keyed, 'ours')?.result).toEqual({ email: 'o', sms: '1' });
  expect(tryDecision(conflict, ours, keyed, 'theirs')?.result).toEqual({ sms: '1' });
});
