import { describe } from 'vitest';
import type { CreateContractDatabase } from './contract/contract-database.ts';
import { describeEncryption } from './contract/encryption.contract.ts';
import { describeMigrations } from './contract/migrations.contract.ts';
import { describeQueries } from './contract/queries.contract.ts';
import { describeScans } from './contract/scans.contract.ts';
import { describeTransactions } from './contract/transactions.contract.ts';
import { describeValues } from './contract/values.contract.ts';

/** What every database adapter must do. `create` makes a fresh, empty database. */
export function describeDatabase(name: string, create: CreateContractDatabase): void {
  describe(name, () => {
    describeValues(create);
    describeScans(create);
    describeQueries(create);
    describeTransactions(create);
    describeEncryption(create);
    describeMigrations(create);
  });
}
