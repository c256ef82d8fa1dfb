import { isJsonObject } from '../json/json-value.ts';
import type { EntityType } from '../model/entity-types.ts';
import type { Collection } from './define-entity.ts';
import { type Shape, shapeAmong } from './record-shape.ts';

/**
 * Pure. An entity with several lists whose records read differently: a shape for each list, by its name. Every record is told the name of its
 * list in `resource`; one that comes from elsewhere without it reads as of the first. Lists that are not offered are not asked for.
 *
 * ```ts
 * defineEntity({ ...listsAmong('org', { districts: district, schools: school }, listOf, isOffered) })
 * ```
 */
export function listsAmong<T extends EntityType, L extends string, N>(
  entityType: T,
  shapes: Readonly<Record<L, Shape<T>>>,
  listOf: (list: L, connection: N) => Collection,
  isOffered: (list: L, connection: N) => boolean = () => true,
) {
  const lists = Object.keys(shapes) as [L, ...L[]];
  const known = (name: unknown) => lists.find((list) => list === name) ?? lists[0];
  return {
    ...shapeAmong(entityType, (record) => shapes[known(isJsonObject(record) ? record.resource : undefined)]),
    lists: (connection: N) => lists.filter((list) => isOffered(list, connection)),
    collection: (connection: N, list: string): Collection => {
      const resource = known(list);
      return { ...listOf(resource, connection), implied: { resource } };
    },
  };
}
