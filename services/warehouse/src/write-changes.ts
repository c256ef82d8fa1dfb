import { decodePush } from '@flotilla/substrate/egress/decode-push';
import type { Warehouse } from '@flotilla/substrate/egress/warehouse';

export interface WrittenChanges {
  readonly messageId: string;
  readonly deliveryAttempt: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly changes: number;
  readonly changesByEntityType: Readonly<Record<string, number>>;
}

/**
 * Lands what one push of the change bus carries; when this resolves the push may be acknowledged. Safe to repeat: a push that failed
 * half-way comes again whole. Fails with `invalid_params` (malformed) and `not_found` (an entity type without a table), which no
 * repetition mends and which end as a dead letter, and with `unavailable`.
 */
export async function writeChanges(warehouse: Warehouse, envelope: unknown): Promise<WrittenChanges> {
  const { messageId, deliveryAttempt, attributes, changes } = decodePush(envelope);
  const changesByEntityType: Record<string, number> = {};
  for (const [entityType, ofType] of Map.groupBy(changes, (change) => change.entityType)) {
    await warehouse.append(entityType, ofType);
    changesByEntityType[entityType] = ofType.length;
  }
  return { messageId, deliveryAttempt, attributes, changes: changes.length, changesByEntityType };
}
