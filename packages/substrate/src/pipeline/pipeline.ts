/** The public face of `pipeline/`: starting runs. Working on them is the vendor services' own affair. */
export type { RunStarter } from './parts.ts';
export { startRun } from './run/start-run.ts';
export { type Sweep, sweepRuns } from './run/sweep-runs.ts';
