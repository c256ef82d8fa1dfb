import { afterAll, beforeAll } from 'vitest';
import { systemClock } from '../clock/clock.system.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { Change } from './change.ts';
import type { Warehouse, WarehouseEntityType } from './warehouse.ts';

export type CreateWarehouse = () => Promise<{ readonly warehouse: Warehouse; close(): Promise<void> }>;

/** Opens a warehouse for the tests of one `describe`, and closes it after them. */
export function openWarehouseSeat(createAdapter: CreateWarehouse) {
  let adapter: Awaited<ReturnType<CreateWarehouse>>;
  let count = 0;

  beforeAll(async () => {
    adapter = await createAdapter();
  });
  afterAll(() => adapter.close());

  /** Its own customer in shared tables, so that the tests do not see each other. */
  async function arrange(fields: WarehouseEntityType['fields'] = userFields, entityType = 'user') {
    const { warehouse } = adapter;
    await warehouse.ensureTables([{ entityType, fields }]);
    const customerId = `customer-${systemClock.now()}-${count++}`;
    const own = (change: Change): Change => ({
      ...change,
      customerId,
      entityType,
      changeId: `${customerId}-${change.changeId}`,
    });
    async function select(sql: string): Promise<readonly JsonObject[]> {
      return (await warehouse.query(sql.replaceAll('@customer', `'${customerId}'`), { maxRows: 20_000 }))
        .rows;
    }
    return {
      warehouse,
      customerId,
      append: (changes: readonly Change[]) => warehouse.append(entityType, changes.map(own)),
      select,
      current: (columns: string) =>
        select(`SELECT ${columns} FROM user_current WHERE customer_id = @customer ORDER BY id`),
    };
  }

  return { arrange };
}

export const userFields: WarehouseEntityType['fields'] = [
  { name: 'givenName', type: 'string' },
  { name: 'enabled', type: 'boolean' },
  { name: 'grade', type: 'integer' },
  { name: 'score', type: 'number' },
  { name: 'birthDate', type: 'date' },
  { name: 'seenAt', type: 'timestamp' },
  { name: 'roles', type: 'json' },
];
