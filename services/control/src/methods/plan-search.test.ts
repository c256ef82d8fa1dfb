import type { PlannedChange } from '@flotilla/substrate/store';
import { expect, test } from 'vitest';
import { createPlanSearch } from './plan-search.ts';

const row: PlannedChange = {
  customerId: 'springfield',
  runId: 'r',
  entityType: 'user',
  toOursAction: 'update',
  toTheirsAction: null,
  expiresAt: '2026-02-01T00:00:00.000Z',
  recordId: 'U-17',
  toOurs: [
    {
      action: 'update',
      pointer: '/familyName',
      before: 'Mu\u0308ller',
      after: { deep: [{ deeper: 'Özil' }, 42, null, 'x.y|z'] },
      rule: 'theirs changed',
    },
  ],
  toTheirs: [],
  conflicts: [{ pointer: '/age', kind: 'add/add', ours: 7, theirs: false, inputs: 'i', rule: 'manual' }],
};

test.each([
  ['u-17', true],
  ['müller', true],
  ['ÖZIL', true],
  ['mu\u0308ller ozil', true],
  ['42', true],
  ['/familyname özil 7', true],
  ['false', true],
  ['null', false],
  ['theirs changed', false],
  ['u-17 nobody', false],
  ['u-17 nobody;', false],
  ['Müller, Özil', true],
  ['müller,özil;42', true],
  ['Müller , - Özil …', true],
  ['Müller, nobody', false],
  ['x.y|z', true],
  ['y|x', false],
  [',', false],
  ['-', true],
  ['familyName/', false],
  [' \n ', true],
])('%j finds a planned record: %s', (search, expected) => {
  expect(createPlanSearch(search)(row)).toBe(expected);
});
