import { type DatabaseIntrospector, type Kysely, sql, type TableMetadata } from 'kysely';

interface ColumnRow {
  readonly tableName: string;
  readonly columnName: string;
  readonly type: string;
  readonly isNullable: string;
  readonly hasDefault: boolean;
}

/** Tables and columns as INFORMATION_SCHEMA tells them. */
export function createSpannerIntrospector(kysely: Kysely<unknown>): DatabaseIntrospector {
  return {
    getSchemas: async () => [],
    getTables: async () => toTables((await columnsQuery.execute(kysely)).rows),
  };
}

const columnsQuery = sql<ColumnRow>`
  select table_name as tableName, column_name as columnName, spanner_type as type, is_nullable as isNullable,
    column_default is not null as hasDefault
  from information_schema.columns where table_schema = '' order by table_name, ordinal_position`;

function toTables(rows: readonly ColumnRow[]): TableMetadata[] {
  return [...Map.groupBy(rows, (row) => row.tableName)].map(([name, columns]) => ({
    name,
    isView: false,
    isForeign: false,
    columns: columns.map((column) => ({
      name: column.columnName,
      dataType: column.type,
      isNullable: column.isNullable === 'YES',
      isAutoIncrementing: false,
      hasDefaultValue: column.hasDefault,
    })),
  }));
}
