/** The public face of `service/methods/`: what methods outside the substrate are made of. */
export { type CollectedPage, collectPage } from './collect-page.ts';
export { ConnectionVerdict } from './connection-check.ts';
export { VendorDescription } from './describe-vendor.ts';
export { fitPage } from './fit-page.ts';
export { CustomerId, EntityTypeName, IntegrationId, Limit, RecordId, RunId } from './identifiers.ts';
export { Json, JsonMembers } from './json-view.ts';
export { listRuns } from './list-runs.ts';
export { periodParams, readPeriod } from './period.ts';
export { readReport } from './read-report-source.ts';
export { defineRecordsRead } from './records-read.ts';
export { CountsView, RunView, viewRun } from './run-view.ts';
export { getRun, reportRun } from './runs.ts';
export { syncOptions, toSyncRequest } from './sync.ts';
