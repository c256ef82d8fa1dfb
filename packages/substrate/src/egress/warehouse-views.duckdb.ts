import type { WarehouseEntityType } from './warehouse.ts';
import { tableNamesOf } from './warehouse-names.ts';
import { type RawColumnType, rawColumns, type ViewDialect, viewsOf } from './warehouse-views.ts';

const columnTypes: Readonly<Record<RawColumnType, string>> = {
  string: 'VARCHAR NOT NULL',
  integer: 'BIGINT NOT NULL',
  timestamp: 'TIMESTAMPTZ NOT NULL',
  json: 'JSON',
};

const dialect: ViewDialect = {
  quote: (name) => `"${name}"`,
  table: (name) => `"${name}"`,
  beforeQualify: '',
  read: {
    string: textOf,
    // A bare cast would round 1.5 to 2.
    integer: (member) =>
      `CASE WHEN regexp_full_match(${textOf(member)}, '-?[0-9]+') THEN TRY_CAST(${textOf(member)} AS BIGINT) END`,
    number: (member) => `TRY_CAST(${textOf(member)} AS DOUBLE)`,
    boolean: (member) => `CASE ${textOf(member)} WHEN 'true' THEN true WHEN 'false' THEN false END`,
    // A bare cast would take a moment's day.
    date: (member) =>
      `CASE WHEN regexp_full_match(${textOf(member)}, '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}') THEN TRY_CAST(${textOf(member)} AS DATE) END`,
    timestamp: (member) => `TRY_CAST(${textOf(member)} AS TIMESTAMPTZ)`,
    // JSON's null is SQL's null, as for the other types.
    json: (member) => `CASE WHEN ("after"->>'$.${member}') IS NOT NULL THEN "after"->'$.${member}' END`,
  },
};

/** Pure. The statements that make an entity type's table and views, or bring its views up to date. */
export function ddlOf(entityType: WarehouseEntityType): readonly string[] {
  const { raw, changes, current } = tableNamesOf(entityType.entityType);
  const columns = rawColumns.map(([name, type]) => `"${name}" ${columnTypes[type]}`).join(', ');
  const views = viewsOf(entityType, dialect);
  return [
    `CREATE TABLE IF NOT EXISTS "${raw}" (${columns})`,
    `CREATE OR REPLACE VIEW "${changes}" AS ${views.changes}`,
    `CREATE OR REPLACE VIEW "${current}" AS ${views.current}`,
  ];
}

/** `json_value` takes no lists and objects, as BigQuery's takes none. */
function textOf(member: string): string {
  return `(json_value("after", '$.${member}')->>'$')`;
}
