import { dataKeys } from '../credentials/data-keys.ts';
import type { Database, Transaction } from '../orm/database.ts';
import { deadTasks } from '../tasks/dead-tasks.ts';
import { aliases } from './aliases.ts';
import { auditEntries } from './audit.ts';
import { changes, relayCursors } from './changes.ts';
import { conflicts } from './conflicts.ts';
import { customers } from './customers.ts';
import { feeds } from './feeds.ts';
import { credentials, integrations } from './integrations.ts';
import { joined } from './joined.ts';
import { leases } from './leases.ts';
import { mergeStates } from './merge-states.ts';
import { nights, omissions } from './nights.ts';
import { notices, reportedTroubles } from './notices.ts';
import { notifications } from './notifications.ts';
import { pageBodies, pages } from './pages.ts';
import { pendingCreates } from './pending-creates.ts';
import { plannedChanges } from './planned-changes.ts';
import { pushes } from './pushes.ts';
import { quarantine } from './quarantine.ts';
import { queuePages } from './queue-pages.ts';
import { records } from './records.ts';
import { runEntityTypes, runSettings, runs } from './runs.ts';
import { stagedRecords } from './staged-records.ts';

/** Every table of the store, parents first. */
export const storeSchema = [
  customers,
  integrations,
  credentials,
  dataKeys,
  leases,
  runs,
  runSettings,
  runEntityTypes,
  pages,
  pageBodies,
  queuePages,
  stagedRecords,
  quarantine,
  plannedChanges,
  pushes,
  records,
  joined,
  aliases,
  pendingCreates,
  conflicts,
  mergeStates,
  feeds,
  auditEntries,
  changes,
  relayCursors,
  nights,
  omissions,
  notifications,
  notices,
  reportedTroubles,
  deadTasks,
] as const;

export type StoreSchema = typeof storeSchema;
export type Store = Database<StoreSchema>;
export type StoreTransaction = Transaction<StoreSchema>;
