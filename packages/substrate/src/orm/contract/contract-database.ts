import type { CommitFaults, Database } from '../database.ts';
import { type FixtureSchema, fixtureMigrations } from './fixture-tables.ts';

/** A fresh, empty database of an adapter under test, which can be opened more than once. */
export interface ContractDatabase {
  open(options?: { readonly faults?: CommitFaults }): Promise<Database<FixtureSchema>>;
  remove(): Promise<void>;
}

export type CreateContractDatabase = () => Promise<ContractDatabase>;

/** Runs a test's body on a database of its own with the fixture tables. */
export async function withDatabase(
  create: CreateContractDatabase,
  body: (database: Database<FixtureSchema>, contract: ContractDatabase) => Promise<void>,
  options?: { readonly faults?: CommitFaults },
): Promise<void> {
  const contract = await create();
  try {
    const database = await contract.open(options);
    try {
      await database.migrate(fixtureMigrations);
      await body(database, contract);
    } finally {
      await database.close();
    }
  } finally {
    await contract.remove();
  }
}
