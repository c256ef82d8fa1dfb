import type { WarehouseEntityType, WarehouseField } from './warehouse.ts';
import { columnsOf, currentColumns, tableNamesOf } from './warehouse-names.ts';

/** The landing table's columns, in the order in which rows are appended. */
export const rawColumns = [
  ['change_id', 'VARCHAR NOT NULL'],
  ['customer_id', 'VARCHAR NOT NULL'],
  ['integration_id', 'VARCHAR NOT NULL'],
  ['vendor', 'VARCHAR NOT NULL'],
  ['entity_type', 'VARCHAR NOT NULL'],
  ['id', 'VARCHAR NOT NULL'],
  ['sequence', 'BIGINT NOT NULL'],
  ['action', 'VARCHAR NOT NULL'],
  ['run_id', 'VARCHAR NOT NULL'],
  ['changed_at', 'TIMESTAMPTZ NOT NULL'],
  ['before', 'JSON'],
  ['after', 'JSON'],
  ['received_at', 'TIMESTAMPTZ NOT NULL'],
] as const;

/** Pure. The statements that make an entity type's table and views, or bring its views up to date. */
export function ddlOf(entityType: WarehouseEntityType): readonly string[] {
  const { raw, changes, current } = tableNamesOf(entityType.entityType);
  const columns = rawColumns.map(([name, type]) => `"${name}" ${type}`).join(', ');
  const fields = columnsOf(entityType).map(({ column, field }) => `${readField(field)} AS "${column}"`);
  const selected = [...currentColumns.map((column) => `"${column}"`), ...fields].join(',\n  ');
  return [
    `CREATE TABLE IF NOT EXISTS "${raw}" (${columns})`,
    `CREATE OR REPLACE VIEW "${changes}" AS SELECT * FROM "${raw}"
QUALIFY row_number() OVER (PARTITION BY customer_id, integration_id, change_id ORDER BY received_at) = 1`,
    // The latest first, then whether it is a delete: the other way round a deleted record would come back as what it was before.
    `CREATE OR REPLACE VIEW "${current}" AS SELECT
  ${selected}
FROM (SELECT * FROM "${raw}" QUALIFY row_number() OVER (PARTITION BY customer_id, integration_id, id ORDER BY sequence DESC, received_at) = 1)
WHERE action <> 'delete'`,
  ];
}

/** A value that does not fit its type is null: one odd record must not make a whole view unreadable. */
function readField({ name, type }: WarehouseField): string {
  const text = `("after"->>'$."${name}"')`;
  switch (type) {
    case 'string':
      return text;
    case 'integer':
      // A bare cast would round 1.5 to 2.
      return `CASE WHEN regexp_full_match(${text}, '-?[0-9]+') THEN TRY_CAST(${text} AS BIGINT) END`;
    case 'number':
      return `TRY_CAST(${text} AS DOUBLE)`;
    case 'boolean':
      return `CASE ${text} WHEN 'true' THEN true WHEN 'false' THEN false END`;
    case 'date':
      return `TRY_CAST(${text} AS DATE)`;
    case 'timestamp':
      return `TRY_CAST(${text} AS TIMESTAMPTZ)`;
    case 'json':
      // JSON's null is SQL's null, as for the other types.
      return `CASE WHEN ${text} IS NOT NULL THEN "after"->'$."${name}"' END`;
  }
}
