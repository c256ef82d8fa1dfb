import { createTable, type Migration } from '../orm/migration.ts';
import { storeSchema } from './schema.ts';

/** The store's history, oldest first. A released migration never changes. */
export const storeMigrations: readonly Migration[] = [
  { number: 1, name: 'create-tables', up: storeSchema.map((table) => createTable(table)) },
];
