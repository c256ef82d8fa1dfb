import { expect, test } from 'vitest';
import type { JsonObject } from '../json/json-value.ts';
import type { EntityValue } from '../model/entity-types.ts';
import { externalIds } from './external-ids.ts';

const ids = externalIds({ user: '/identifier', class: '/metadata/sis_id' });
const enrollment: EntityValue<'enrollment'> = {
  status: 'active',
  role: 'student',
  userSourcedId: '1',
  classSourcedId: '2',
};

function classWith(sis_id?: string): EntityValue<'class'> {
  const metadata = sis_id === undefined ? {} : { metadata: { sis_id } };
  return { status: 'active', title: 'Chess', termSourcedIds: [], ...metadata };
}

test('a record goes by the id that the vendor knows it by, whatever was edited since; a new one by the one it is to have', () => {
  const refersTo = new Map();
  const edited = { value: classWith('new'), before: classWith('old'), refersTo };
  expect(ids.own('class', edited)).toBe('old');
  expect(ids.own('class', { value: classWith('new'), refersTo })).toBe('new');
  // Under the edited id the vendor would make a second one.
  expect(() => ids.own('class', { ...edited, before: classWith() })).toThrow(
    expect.objectContaining({
      code: 'push_rejected',
      data: { member: '/metadata/sis_id', change: 'give it one at the vendor' },
    }),
  );
  expect(() => ids.own('class', { value: classWith(), refersTo })).toThrow(
    expect.objectContaining({ data: { member: '/metadata/sis_id', change: 'say it in that member' } }),
  );
});

test('what it refers to goes by its own such id, and is named where it has none', () => {
  const record = (value: EntityValue<'class'>) => ({
    value: enrollment,
    refersTo: new Map([
      ['/classSourcedId', { entityType: 'class' as const, id: '2', value: { ...value } as JsonObject }],
    ]),
  });
  expect(ids.at('/classSourcedId', record(classWith('C-2')))).toBe('C-2');
  const change = 'give that one such an id at the vendor';
  expect(() => ids.at('/classSourcedId', record(classWith()))).toThrow(
    expect.objectContaining({
      code: 'push_rejected',
      data: { pointer: '/classSourcedId', entityType: 'class', recordId: '2', change },
    }),
  );
  expect(() => ids.at('/userSourcedId', record(classWith()))).toThrow(
    expect.objectContaining({ data: { pointer: '/userSourcedId', change } }),
  );
});
