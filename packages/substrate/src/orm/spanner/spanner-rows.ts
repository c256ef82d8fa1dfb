import type { CompiledQuery } from 'kysely';
import { createKysely } from '../kysely/kysely-over.ts';
import { resultColumns } from '../kysely/typed-values-plugin.ts';
import type { Row, RowSource } from '../reader.ts';
import type { Schema } from '../table.ts';
import { runSql } from './client-calls.ts';
import { toParameters } from './query-parameters.ts';
import { createSpannerDialect } from './spanner-dialect.ts';
import { readKeys, readPrefixes, readRange } from './spanner-reads.ts';
import type { SpannerTarget } from './spanner-target.ts';
import { fromSpannerValue } from './spanner-value.ts';

export function createSpannerRows<S extends Schema>(schema: S, target: SpannerTarget): RowSource<S> {
  let kysely: ReturnType<typeof createKysely<S>> | undefined;
  return {
    readKeys: (table, columns, keys) => readKeys(target, table, columns, keys),
    readRange: (table, columns, range) => readRange(target, table, columns, range),
    readPrefixes: (table, columns, prefixes) => readPrefixes(target, table, columns, prefixes),
    query: async (build) => {
      kysely ??= createKysely(
        schema,
        createSpannerDialect(schema, (query) => runQuery(schema, target, query)),
      );
      return (await kysely.executeQuery(build(kysely))).rows;
    },
  };
}

async function runQuery(
  schema: Schema,
  target: SpannerTarget,
  query: CompiledQuery,
): Promise<readonly Row[]> {
  const rows = await target.read('one', (snapshot) =>
    runSql(snapshot, query.sql, toParameters(query.parameters)),
  );
  const known = resultColumns(schema, query.query);
  return rows.map((row) =>
    Object.fromEntries(row.map(({ name, value }) => [name, fromSpannerValue(value, known.get(name))])),
  );
}
