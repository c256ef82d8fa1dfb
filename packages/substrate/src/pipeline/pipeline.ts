/** The public face of `pipeline/`: starting runs. Working on them is the vendor services' own affair. */
export type { RunStarter } from './parts.ts';
export { startRun } from './start-run.ts';
export { type Sweep, sweepRuns } from './sweep-runs.ts';
