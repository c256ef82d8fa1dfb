import { decodeChanges, type ReceivedMessage } from '@flotilla/substrate/egress/decode-changes';
import type { Warehouse } from '@flotilla/substrate/egress/warehouse';

/**
 * Lands what one message of the change bus carries; when this resolves the message may be acknowledged. Safe to repeat: a message that
 * failed half-way comes again whole. Answers the changes by entity type. Fails with `invalid_params` (malformed) and `not_found` (an
 * entity type without a table), which no repetition mends and which end as a dead letter, and with `unavailable`.
 */
export async function writeChanges(
  warehouse: Warehouse,
  message: ReceivedMessage,
): Promise<Readonly<Record<string, number>>> {
  const written: Record<string, number> = {};
  for (const [entityType, changes] of Map.groupBy(decodeChanges(message), (change) => change.entityType)) {
    await warehouse.append(entityType, changes);
    written[entityType] = changes.length;
  }
  return written;
}
