/** The public face of `store/`: what services read and write by hand. */
export { readAliases } from './aliases.ts';
export { type AuditEntry, insertAuditEntry, listAllAuditEntries, listAuditEntries } from './audit.ts';
export {
  createChangeSource,
  listLatestChanges,
  listRecordChanges,
  type RecordedChange,
  readChanges,
} from './changes.ts';
export {
  type ConflictState,
  conflictStates,
  listConflictsFoundBy,
  listConflictsOf,
  listHeldRecordIds,
  listOpenConflicts,
  listOpenConflictsOf,
  putConflicts,
  readConflict,
  type StoredConflict,
} from './conflicts.ts';
export {
  type Customer,
  listCustomers,
  putCustomer,
  readCustomer,
  readCustomers,
  requireCustomer,
} from './customers.ts';
export {
  type Integration,
  listIntegrations,
  putCredential,
  putIntegration,
  putSettings,
  readIntegration,
} from './integrations.ts';
export { readLease } from './leases.ts';
export { listRuns, readRunTotals } from './list-runs.ts';
export {
  deleteOmission,
  listNights,
  listOmissions,
  type Night,
  type NightScope,
  type Omission,
  type OmissionKey,
  type OmissionReason,
  omissionReasons,
  putNight,
  putOmission,
  readNight,
  readOmission,
} from './nights.ts';
export {
  type Delivery,
  deleteReportedTrouble,
  listNoticedRuns,
  listNotices,
  listUnsentNotices,
  type Notice,
  type NoticeItem,
  noticeKinds,
  putNotice,
  putReportedTrouble,
  type ReportedTrouble,
  readNotice,
  readReportedTroubles,
} from './notices.ts';
export {
  listNotifications,
  type Notifications,
  putNotifications,
  type Recipient,
  readNotifications,
  recipientModes,
} from './notifications.ts';
export { listPlannedChanges, type PlannedChange } from './planned-changes.ts';
export { listQuarantined } from './quarantine.ts';
export {
  type RecordName,
  type RecordScope,
  readRecordNames,
  readRecords,
  type StoredRecord,
  scanEditedRecords,
  scanRecordNames,
  scanRecords,
} from './records.ts';
export {
  insertRun,
  listNightRuns,
  type Run,
  readRun,
  readRunEntityTypes,
  readRunSettings,
  readRuns,
  runStates,
  updateRun,
} from './runs.ts';
export type { Store, StoreTransaction } from './schema.ts';
export { type IntegrationStanding, readStandings } from './standings.ts';
export {
  countOpenConflicts,
  listEveryHeldRun,
  type NightTally,
  tally,
  tallyNight,
} from './tallies.ts';
