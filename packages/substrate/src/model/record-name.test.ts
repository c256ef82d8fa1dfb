import { expect, test } from 'vitest';
import type { JsonObject } from '../json/json-value.ts';
import { recordName, recordTitle } from './record-name.ts';

test.each<[JsonObject | null, string, string]>([
  [{ givenName: 'Ada', familyName: 'Lovelace', username: 'ada' }, 'Ada Lovelace', 'Ada Lovelace'],
  [{ givenName: '', familyName: 'Lovelace' }, 'Lovelace', 'Lovelace'],
  [{ username: 'ada' }, 'ada', 'ada'],
  [{ name: 'North', title: 'other' }, 'North', 'North'],
  [{ title: 'Algebra I', classCode: 'A1' }, 'Algebra I', 'Algebra I'],
  [{ title: 7, classCode: 'A1' }, 'A1', 'A1'],
  [{ userSourcedId: 'u1', classSourcedId: 'c1', role: 'student' }, '', 'u1 · c1'],
  [{}, '', ''],
  [null, '', ''],
])('of %j the name is %j and the title %j', (value, name, title) => {
  expect([recordName(value), recordTitle(value)]).toEqual([name, title]);
});
