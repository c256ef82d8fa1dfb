/** Time as a port: nothing else in the substrate or in a service asks the machine what time it is, or sleeps. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal, options?: SleepOptions): Promise<void>;
}

export interface SleepOptions {
  /** No work waits for it, as for a watchman's round: it keeps no process alive, and a clock that skips waits does not skip to its end. */
  readonly isBackground?: boolean;
}
