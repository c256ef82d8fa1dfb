import { addColumn, createTable, type Migration } from '../orm/migration.ts';
import { runs } from './runs.ts';
import { storeSchema } from './schema.ts';

/** The store's history, oldest first. A released migration never changes. */
export const storeMigrations: readonly Migration[] = [
  {
    number: 1,
    name: 'create-tables',
    up: storeSchema.map((table) =>
      table === runs ? createTable(runs, { columnsAddedLater: ['dueAt'] }) : createTable(table),
    ),
  },
  { number: 2, name: 'add-when-a-run-is-due', up: [addColumn(runs, 'dueAt')] },
];
