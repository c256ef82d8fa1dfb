import type { WarehouseEntityType } from './warehouse.ts';
import { type ViewDialect, type ViewQueries, viewsOf } from './warehouse-views.ts';

export interface BigQueryDataset {
  readonly projectId: string;
  readonly dataset: string;
}

/**
 * Pure. The queries of an entity type's views in GoogleSQL. Functions as in
 * https://cloud.google.com/bigquery/docs/reference/standard-sql/json_functions and …/conversion_functions.
 */
export function bigQueryViewsOf(
  entityType: WarehouseEntityType,
  { projectId, dataset }: BigQueryDataset,
): ViewQueries {
  return viewsOf(entityType, {
    ...dialect,
    // In full: a view may be read from another project or dataset.
    table: (name) => `\`${projectId}.${dataset}.${name}\``,
  });
}

const dialect: Omit<ViewDialect, 'table'> = {
  quote: (name) => `\`${name}\``,
  // GoogleSQL's grammar wants a WHERE, GROUP BY or HAVING before QUALIFY; BigQuery itself is said not to insist.
  beforeQualify: 'WHERE true ',
  read: {
    string: textOf,
    // SAFE_CAST would read 0x1F as well.
    integer: (member) =>
      `CASE WHEN REGEXP_CONTAINS(${textOf(member)}, r'^-?[0-9]+$') THEN SAFE_CAST(${textOf(member)} AS INT64) END`,
    number: (member) => `SAFE_CAST(${textOf(member)} AS FLOAT64)`,
    boolean: (member) => `CASE ${textOf(member)} WHEN 'true' THEN true WHEN 'false' THEN false END`,
    date: (member) => `SAFE_CAST(${textOf(member)} AS DATE)`,
    timestamp: (member) => `SAFE_CAST(${textOf(member)} AS TIMESTAMP)`,
    // JSON's null is a JSON value to JSON_QUERY, and JSON values cannot be compared.
    json: (member) =>
      `CASE WHEN JSON_TYPE(JSON_QUERY(\`after\`, '$.${member}')) <> 'null' THEN JSON_QUERY(\`after\`, '$.${member}') END`,
  },
};

/** The text of a scalar; null for JSON's null, for lists and for objects. */
function textOf(member: string): string {
  return `JSON_VALUE(\`after\`, '$.${member}')`;
}
