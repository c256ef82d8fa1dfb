import type { Change } from '@flotilla/substrate/egress/change';
import { sampleChange } from '@flotilla/substrate/egress/sample-changes.fixture';
import type { Warehouse, WarehouseEntityType } from '@flotilla/substrate/egress/warehouse';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import fc from 'fast-check';

const entityTypes = ['user', 'class'] as const;

export const entityTables: readonly WarehouseEntityType[] = entityTypes.map((entityType) => ({
  entityType,
  fields: [{ name: 'note', type: 'string' }],
}));

/** One edit of one record of one integration; what it does follows from whether the record is there. */
export const edit = fc.record({
  integration: fc.constantFrom('i1', 'i2', 'i3'),
  entityType: fc.constantFrom(...entityTypes),
  record: fc.constantFrom('a', 'b', 'c', 'd'),
  note: fc.option(fc.string({ unit: 'grapheme', maxLength: 8 }), { nil: null, freq: 3 }),
});

/** The history as committed changes of one customer, and the records that are left: the reference. */
export function commitAll(
  customerId: string,
  edits: readonly (typeof edit extends fc.Arbitrary<infer Edit> ? Edit : never)[],
) {
  const records = new Map<string, JsonObject>();
  const sequences = new Map<string, number>();
  const changes: Change[] = [];
  for (const { integration, entityType, record, note } of edits) {
    const key = JSON.stringify([integration, entityType, record]);
    const before = records.get(key) ?? null;
    const after = note === null ? null : { note };
    if (before === null && after === null) continue;
    const sequence = (sequences.get(integration) ?? 0) + 1;
    sequences.set(integration, sequence);
    const action = before === null ? 'create' : after === null ? 'delete' : 'update';
    const changeId = `${customerId}-${integration}-${sequence}`;
    changes.push(
      sampleChange(sequence, {
        changeId,
        customerId,
        integrationId: integration,
        entityType,
        recordId: record,
        action,
        before,
        after,
      }),
    );
    if (after === null) records.delete(key);
    else records.set(key, after);
  }
  return { records, sequences, changes };
}

/** A customer's records as the `_current` views have them, by the keys of `commitAll`; `rows`: how many there were, to see that none is there twice. */
export async function readCurrent(warehouse: Warehouse, customerId: string) {
  const current = await Promise.all(
    entityTypes.map((type) =>
      warehouse.query(
        `SELECT integration_id, '${type}' AS type, id, note FROM ${type}_current WHERE customer_id = '${customerId}'`,
        { maxRows: 1_000 },
      ),
    ),
  );
  const rows = current.flatMap((answer) => answer.rows);
  const found = new Map(
    rows.map((row) => [
      JSON.stringify([row['integration_id'], row['type'], row['id']]),
      { note: row['note'] },
    ]),
  );
  return { found, rows: rows.length };
}
