/** The public face of `pipeline/`: starting runs, the queues they go through, editing our side, and judging runs by other limits. Working on runs is the vendor services' own affair. */
export { contexts, queueName } from '../vendor/define-vendor.ts';
export { type EditedRecord, editRecord, type RecordEdit } from './edit-record.ts';
export type { RunStarter } from './parts.ts';
export { judgeAgain, type UnknownReason, unknownReasons } from './plan/judge-again.ts';
export { type JudgedRun, listJudgedRuns } from './plan/list-judged-runs.ts';
export { decideRun, type RunVerdict } from './run/decide-run.ts';
export { enqueueSlice, insertQueuedRun, type RunRequest, startRun } from './run/start-run.ts';
export { type Sweep, sweepRuns } from './run/sweep-runs.ts';
