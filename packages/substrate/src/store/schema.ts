import { dataKeys } from '../credentials/data-keys.ts';
import type { Database, Transaction } from '../orm/database.ts';
import { changes, relayCursors } from './changes.ts';
import { customers } from './customers.ts';
import { credentials, integrations } from './integrations.ts';
import { leases } from './leases.ts';
import { nights } from './nights.ts';
import { pageBodies, pages } from './pages.ts';
import { quarantine } from './quarantine.ts';
import { records } from './records.ts';
import { runEntityTypes, runs } from './runs.ts';
import { stagedRecords } from './staged-records.ts';

/** Every table of the store, parents first. */
export const storeSchema = [
  customers,
  integrations,
  credentials,
  dataKeys,
  leases,
  runs,
  runEntityTypes,
  pages,
  pageBodies,
  stagedRecords,
  quarantine,
  records,
  changes,
  relayCursors,
  nights,
] as const;

export type StoreSchema = typeof storeSchema;
export type Store = Database<StoreSchema>;
export type StoreTransaction = Transaction<StoreSchema>;
