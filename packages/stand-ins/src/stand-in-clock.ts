/** What a stand-in takes its time from: the machine's, or one that a test moves. */
export interface StandInClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
