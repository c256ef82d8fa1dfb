import type { JsonObject } from '../../json/json-value.ts';
import type { EntityType } from '../../model/entity-types.ts';
import { exchangeReferences, referencesIn } from '../../model/references.ts';
import type { Reader } from '../../orm/database.ts';
import { readAliases } from '../../store/aliases.ts';
import type { RecordScope } from '../../store/records.ts';
import type { Effect } from './effect.ts';

/**
 * The effects as they would read today: what they name goes by other ids meanwhile where the vendor gave it some, and that is no change of
 * anybody's.
 */
export async function resolveEffects(
  reader: Reader,
  scope: RecordScope,
  effects: ReadonlyMap<string, Effect>,
): Promise<ReadonlyMap<string, Effect>> {
  const entityType = scope.entityType as EntityType;
  const references = [...effects].flatMap(([recordId, effect]) =>
    valuesIn(effect).flatMap((value) => referencesIn(entityType, recordId, value)),
  );
  const aliasesByType = new Map(
    await Promise.all(
      [...Map.groupBy(references, (one) => one.entityType)].map(async ([name, named]) => {
        const ids = [...new Set(named.map(({ id }) => id))];
        return [name, await readAliases(reader, { ...scope, entityType: name }, ids)] as const;
      }),
    ),
  );
  if ([...aliasesByType.values()].every((aliases) => aliases.size === 0)) return effects;
  const exchange = (value: JsonObject | null) =>
    value === null
      ? null
      : exchangeReferences(
          entityType,
          value,
          (one) => aliasesByType.get(one.entityType)?.get(one.id) ?? one.id,
        );
  return new Map([...effects].map(([recordId, effect]) => [recordId, mapValues(effect, exchange)]));
}

function valuesIn({ change, push }: Effect): readonly JsonObject[] {
  return [change?.before, change?.after, push?.before, push?.after, push?.ours].filter(
    (value) => value !== null && value !== undefined,
  );
}

function mapValues(
  { change, push, sequence }: Effect,
  map: (value: JsonObject | null) => JsonObject | null,
): Effect {
  return {
    ...(change === undefined ? {} : { change: { before: map(change.before), after: map(change.after) } }),
    ...(push === undefined
      ? {}
      : { push: { ...push, before: map(push.before), after: map(push.after), ours: map(push.ours) } }),
    sequence,
  };
}
