import { expect, test } from 'vitest';
import { integration, openTwoWay } from '../two-way.fixture.ts';
import { callRecords } from './call-records.ts';

test('Records are called by their names, and those without by the names of what they join', async () => {
  const { control, vendor } = await openTwoWay({});
  const status = 'active';
  const user = { status, enabledUser: true, roles: [], givenName: 'Ada', familyName: 'Bee', username: 'ada' };
  await vendor.edit('user', 'u1', user);
  await vendor.edit('lineItem', 'l1', { status, title: 'Quiz 3', classSourcedId: 'c1' });
  const result = { status, lineItemSourcedId: 'l1', scoreStatus: 'fully graded' };
  await vendor.edit('result', 'x1', { ...result, studentSourcedId: 'u1' });
  await vendor.edit('result', 'x2', { ...result, lineItemSourcedId: 'l2', studentSourcedId: 'u2' });
  await vendor.edit('demographics', 'u1', { status });
  const places = [
    ['category', 'b1'],
    ['result', 'x1'],
    ['result', 'x2'],
    ['result', 'gone'],
    ['demographics', 'u1'],
  ].map(([entityType = '', recordId = '']) => ({ ...integration, entityType, recordId }));

  const nameOf = await callRecords(control.store, places);

  expect(places.map(nameOf)).toEqual(['Box b1', 'Quiz 3 · Ada Bee', null, null, 'Ada Bee']);
});
