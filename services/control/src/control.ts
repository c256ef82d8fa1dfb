import type { RunStarter } from '@flotilla/substrate/pipeline';

/** What control's methods work with. Control starts runs and never works on them: vendors' services do. */
export interface Control extends RunStarter {
  /** Runs of one night begin spread over this many milliseconds. */
  readonly nightlySpreadMs: number;
}
