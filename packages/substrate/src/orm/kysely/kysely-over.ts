import { type Dialect, Kysely } from 'kysely';
import type { KyselyTables } from '../database.ts';
import type { Schema } from '../table.ts';
import { createTypedValuesPlugin } from './typed-values-plugin.ts';

/** Kysely over a dialect, typed by the schema, with every value in its column's form. */
export function createKysely<S extends Schema>(schema: S, dialect: Dialect): Kysely<KyselyTables<S>> {
  return new Kysely<KyselyTables<S>>({ dialect, plugins: [createTypedValuesPlugin(schema)] });
}
