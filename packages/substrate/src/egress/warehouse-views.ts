import type { WarehouseEntityType, WarehouseFieldType } from './warehouse.ts';
import { columnsOf, currentColumns, tableNamesOf } from './warehouse-names.ts';

export type RawColumnType = 'string' | 'integer' | 'timestamp' | 'json';

/** The landing table's columns, in the order in which rows are appended. Only `before` and `after` may be null. */
export const rawColumns = [
  ['change_id', 'string'],
  ['customer_id', 'string'],
  ['integration_id', 'string'],
  ['vendor', 'string'],
  ['entity_type', 'string'],
  ['id', 'string'],
  ['sequence', 'integer'],
  ['action', 'string'],
  ['run_id', 'string'],
  ['changed_at', 'timestamp'],
  ['before', 'json'],
  ['after', 'json'],
  ['received_at', 'timestamp'],
] as const satisfies readonly (readonly [string, RawColumnType])[];

/** What the dialects of the warehouses have unlike each other. */
export interface ViewDialect {
  quote(name: string): string;
  /** Names a table of the warehouse from within a view. */
  table(name: string): string;
  /** What stands before QUALIFY. */
  readonly beforeQualify: string;
  /** Reads a member of `after`; null when it is absent, null or does not fit: one odd record must not make a whole view unreadable. */
  readonly read: Readonly<Record<WarehouseFieldType, (member: string) => string>>;
}

export interface ViewQueries {
  readonly changes: string;
  readonly current: string;
}

/** Pure. The queries of an entity type's two views, in SQL that every warehouse has but for its dialect. */
export function viewsOf(entityType: WarehouseEntityType, dialect: ViewDialect): ViewQueries {
  const { quote } = dialect;
  const raw = dialect.table(tableNamesOf(entityType.entityType).raw);
  // Named one by one: BigQuery keeps what `*` was when a view was made.
  const columns = rawColumns.map(([name]) => quote(name)).join(', ');
  const fields = columnsOf(entityType).map(
    ({ column, field }) => `${dialect.read[field.type](field.name)} AS ${quote(column)}`,
  );
  const first = (window: string) => `${dialect.beforeQualify}QUALIFY row_number() OVER (${window}) = 1`;
  return {
    changes: `SELECT ${columns} FROM ${raw}
${first('PARTITION BY customer_id, integration_id, change_id ORDER BY received_at')}`,
    // The latest first, then whether it is a delete: the other way round a deleted record would come back as what it was before.
    current: `SELECT
  ${[...currentColumns.map(quote), ...fields].join(',\n  ')}
FROM (SELECT * FROM ${raw} ${first('PARTITION BY customer_id, integration_id, id ORDER BY sequence DESC, received_at')})
WHERE action <> 'delete'`,
  };
}
