import sqlParser from 'node-sql-parser/build/bigquery.js';
import { describe, expect, test } from 'vitest';
import { entityColumns, entityTypeNames } from '../model/model.ts';
import type { WarehouseEntityType } from './warehouse.ts';
import { bigQueryViewsOf } from './warehouse-views.bigquery.ts';

const place = { projectId: 'springfield-1', dataset: 'rosters' };

/** One field of each type, and one whose column is a word that GoogleSQL reserves. */
const sample: WarehouseEntityType = {
  entityType: 'lineItem',
  fields: [
    { name: 'givenName', type: 'string' },
    { name: 'grade', type: 'integer' },
    { name: 'score', type: 'number' },
    { name: 'enabled', type: 'boolean' },
    { name: 'birthDate', type: 'date' },
    { name: 'seenAt', type: 'timestamp' },
    { name: 'roles', type: 'json' },
    { name: 'group', type: 'string' },
  ],
};

describe('the views in BigQuery', () => {
  test('are written in GoogleSQL, word for word', () => {
    expect(bigQueryViewsOf(sample, place)).toMatchInlineSnapshot(`
      {
        "changes": "SELECT \`change_id\`, \`customer_id\`, \`integration_id\`, \`vendor\`, \`entity_type\`, \`id\`, \`sequence\`, \`action\`, \`run_id\`, \`changed_at\`, \`before\`, \`after\`, \`received_at\` FROM \`springfield-1.rosters.line_item_changes_raw\`
      WHERE true QUALIFY row_number() OVER (PARTITION BY customer_id, integration_id, change_id ORDER BY received_at) = 1",
        "current": "SELECT
        \`customer_id\`,
        \`integration_id\`,
        \`vendor\`,
        \`id\`,
        \`sequence\`,
        \`change_id\`,
        \`run_id\`,
        \`changed_at\`,
        JSON_VALUE(\`after\`, '$.givenName') AS \`given_name\`,
        CASE WHEN REGEXP_CONTAINS(JSON_VALUE(\`after\`, '$.grade'), r'^-?[0-9]+$') THEN SAFE_CAST(JSON_VALUE(\`after\`, '$.grade') AS INT64) END AS \`grade\`,
        SAFE_CAST(JSON_VALUE(\`after\`, '$.score') AS FLOAT64) AS \`score\`,
        CASE JSON_VALUE(\`after\`, '$.enabled') WHEN 'true' THEN true WHEN 'false' THEN false END AS \`enabled\`,
        SAFE_CAST(JSON_VALUE(\`after\`, '$.birthDate') AS DATE) AS \`birth_date\`,
        SAFE_CAST(JSON_VALUE(\`after\`, '$.seenAt') AS TIMESTAMP) AS \`seen_at\`,
        CASE WHEN JSON_TYPE(JSON_QUERY(\`after\`, '$.roles')) <> 'null' THEN JSON_QUERY(\`after\`, '$.roles') END AS \`roles\`,
        JSON_VALUE(\`after\`, '$.group') AS \`group\`
      FROM (SELECT * FROM \`springfield-1.rosters.line_item_changes_raw\` WHERE true QUALIFY row_number() OVER (PARTITION BY customer_id, integration_id, id ORDER BY sequence DESC, received_at) = 1)
      WHERE action <> 'delete'",
      }
    `);
  });

  // The stand-in runs them by DuckDB; this grammar is of BigQuery's dialect, and not ours.
  test.each(entityTypeNames)('of %s are one SELECT each by the grammar of BigQuery', (entityType) => {
    const { changes, current } = bigQueryViewsOf({ entityType, fields: entityColumns(entityType) }, place);
    const parser = new sqlParser.Parser();

    for (const view of [changes, current]) {
      const { ast } = parser.parse(view, { database: 'BigQuery' });
      expect([ast].flat().map(({ type }) => type)).toEqual(['select']);
    }
  });
});
