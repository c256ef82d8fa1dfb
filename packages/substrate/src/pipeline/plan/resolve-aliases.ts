import type { JsonObject } from '../../json/json-value.ts';
import type { EntityType } from '../../model/entity-types.ts';
import { exchangeReferences, referencesIn } from '../../model/references.ts';
import type { Reader } from '../../orm/database.ts';
import { readAliases } from '../../store/aliases.ts';
import type { RecordScope, StoredRecord } from '../../store/records.ts';

/**
 * Ours of each record, by record id; absent ones are left out. A record that we made may name another that we made, by an id that the
 * vendor has meanwhile replaced: then the vendor's stands there. Only edited records can, so only they are looked at.
 */
export async function resolveAliases(
  reader: Reader,
  scope: RecordScope,
  stored: readonly StoredRecord[],
): Promise<ReadonlyMap<string, JsonObject>> {
  const entityType = scope.entityType as EntityType;
  const ours = new Map(
    stored.flatMap(({ recordId, value }) => (value === null ? [] : [[recordId, value] as const])),
  );
  const namedByType = new Map<EntityType, Set<string>>();
  for (const { recordId, value, editedAt } of stored) {
    if (value === null || editedAt === null) continue;
    for (const reference of referencesIn(entityType, recordId, value)) {
      const named = namedByType.get(reference.entityType) ?? new Set();
      namedByType.set(reference.entityType, named.add(reference.id));
    }
  }
  if (namedByType.size === 0) return ours;
  const aliasesByType = new Map(
    await Promise.all(
      [...namedByType].map(
        async ([name, ids]) =>
          [name, await readAliases(reader, { ...scope, entityType: name }, [...ids])] as const,
      ),
    ),
  );
  for (const { recordId, value, editedAt } of stored) {
    if (value === null || editedAt === null) continue;
    const exchanged = exchangeReferences(
      entityType,
      value,
      (reference) => aliasesByType.get(reference.entityType)?.get(reference.id) ?? reference.id,
    );
    ours.set(recordId, exchanged);
  }
  return ours;
}
