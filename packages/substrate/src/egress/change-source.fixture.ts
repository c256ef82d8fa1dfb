import type { Change, IntegrationKey } from './change.ts';
import type { ChangeSource } from './change-source.ts';

export interface MemoryChangeSource extends ChangeSource {
  commit(change: Change): void;
  /** How often the cursor was written. */
  readonly advances: number;
}

/** For tests: an outbox in memory. */
export function createMemoryChangeSource(changes: readonly Change[] = []): MemoryChangeSource {
  const committed = [...changes];
  const cursors = new Map<string, number>();
  let advances = 0;
  const keyOf = ({ customerId, integrationId }: IntegrationKey) =>
    JSON.stringify([customerId, integrationId]);
  return {
    readCursor: async (integration) => cursors.get(keyOf(integration)) ?? 0,
    readAfter: async (integration, sequence, limit) =>
      committed
        .filter((change) => keyOf(change) === keyOf(integration) && change.sequence > sequence)
        .toSorted((a, b) => a.sequence - b.sequence)
        .slice(0, limit),
    advance: async (integration, sequence) => {
      advances += 1;
      cursors.set(keyOf(integration), Math.max(sequence, cursors.get(keyOf(integration)) ?? 0));
    },
    commit: (change) => {
      committed.push(change);
    },
    get advances() {
      return advances;
    },
  };
}
