import { expect, test } from 'vitest';
import type { Table } from '../orm/table.ts';
import { storeSchema } from './schema.ts';

/** Each is argued for in docs/decisions/0022-keys-that-spread.md: whoever adds one, adds its argument there. */
const notByCustomer = [
  'runs.runs_by_night (night)',
  'runs.runs_open (vendor)',
  'audit_entries.audit_entries_by_time (shard)',
  'nights (night)',
  'omissions.omissions_by_night (night)',
  'dead_tasks (queue)',
  'dead_tasks.dead_tasks_by_death (queue)',
];

test('the keys of all tables and indexes begin with the customer, so that customers are written to side by side; or it is said why not', () => {
  const others = (storeSchema as readonly Table[]).flatMap(({ name, primaryKey, indexes }) => [
    ...(primaryKey[0]?.column === 'customerId' ? [] : [`${name} (${primaryKey[0]?.column})`]),
    ...indexes
      .filter(({ columns }) => columns[0]?.column !== 'customerId')
      .map((index) => `${name}.${index.name} (${index.columns[0]?.column})`),
  ]);

  expect(others).toEqual(notByCustomer);
});
