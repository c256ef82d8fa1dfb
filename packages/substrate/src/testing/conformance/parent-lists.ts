import type { JsonObject } from '../../json/json-value.ts';
import type { EntityValue } from '../../model/entity-types.ts';
import type { Collection, Entity } from '../../vendor/define-entity.ts';
import type { VendorStage } from '../vendor-stage.ts';
import { wholePath } from './wire-tap.ts';

/** The lists that the stored records of the entity type above have, in the order in which a run reads them: by the parents' ids; with whole paths. */
export async function parentLists(stage: VendorStage, entity: Entity): Promise<readonly Collection[]> {
  if (entity.within === undefined) return [];
  const connection = stage.vendor.api.connection.parse(stage.connection);
  const names = entity.lists?.(connection) ?? [undefined];
  const parents = await stage.stored(undefined, entity.within);
  const having = parents.filter(({ recordId, value }) => isParent(entity, recordId, value, connection));
  return having.flatMap(({ recordId }) =>
    names.map((name) => wholePath(entity.collection(connection, recordId, name), connection.baseUrl)),
  );
}

/** Whether a record of the entity type above has such lists (`Entity.parents`). */
export function isParent(
  { parents }: Pick<Entity, 'parents'>,
  id: string,
  value: JsonObject | null,
  connection: unknown,
): boolean {
  return value !== null && parents?.(value as EntityValue, id, connection) !== false;
}
