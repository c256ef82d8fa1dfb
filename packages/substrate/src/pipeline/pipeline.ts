/** The public face of `pipeline/`: starting runs, the queues they go through, and editing our side. Working on runs is the vendor services' own affair. */
export { contexts, queueName } from '../vendor/define-vendor.ts';
export { type EditedRecord, editRecord, type RecordEdit } from './edit-record.ts';
export type { RunStarter } from './parts.ts';
export { decideRun, type RunVerdict } from './run/decide-run.ts';
export { enqueueSlice, insertQueuedRun, type RunRequest, startRun } from './run/start-run.ts';
export { type Sweep, sweepRuns } from './run/sweep-runs.ts';
