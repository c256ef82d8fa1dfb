import type { Change, IntegrationKey } from './change.ts';

/** The outbox as the relay sees it: committed changes in order, and how far they have been published. The store implements it. */
export interface ChangeSource {
  /** The sequence of the last change known to be published; 0 at first. */
  readCursor(integration: IntegrationKey): Promise<number>;
  /** Committed changes after `sequence`, ascending and without gaps, at most `limit`. */
  readAfter(integration: IntegrationKey, sequence: number, limit: number): Promise<readonly Change[]>;
  /** Moves the cursor forward, never back: with a sequence at or below it this is a no-op. */
  advance(integration: IntegrationKey, sequence: number): Promise<void>;
}
