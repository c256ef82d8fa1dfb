import { JsonMembers } from '@flotilla/substrate/methods';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { z } from 'zod';
import type { WarehouseContext } from '../warehouse-context.ts';

export const queryWarehouse = defineMethod({
  name: 'warehouse.query',
  version: 1,
  summary: 'Runs one read-only SQL statement on the warehouse',
  description:
    'Per entity type there are <entity>_current, one row per record, and <entity>_changes, one row per change.',
  params: z.strictObject({
    sql: z
      .string()
      .min(1)
      .max(100_000)
      .describe(
        "One SELECT or WITH, in the warehouse's own dialect: GoogleSQL in BigQuery, DuckDB's in the embedded warehouse, which has DESCRIBE and SHOW too",
      ),
    maxRows: z.int().min(1).max(10_000).default(1_000),
  }),
  result: z.strictObject({
    columns: z.array(z.strictObject({ name: z.string(), type: z.string() })).readonly(),
    rows: z.array(JsonMembers).readonly(),
    truncated: z.boolean().describe('There were more rows than maxRows'),
  }),
  // It reads every customer's rows.
  roles: ['admin'],
  run({ context }: Call<WarehouseContext>, { sql, maxRows }) {
    return context.warehouse.query(sql, { maxRows });
  },
});
