import { isJsonObject } from '../json/json-value.ts';
import type { EntityType } from '../model/entity-types.ts';
import { isAbsent } from './lenient.ts';
import { type Shape, shapeAmong } from './record-shape.ts';

/** Pure. Of a list that is another entity type's: only records that say any of these members are records of this one (demographics of persons). */
export function shapeWhere<T extends EntityType>(shape: Shape<T>, ...members: readonly string[]) {
  return shapeAmong(shape.entityType, (record) =>
    isJsonObject(record) && members.some((name) => !isAbsent(record[name])) ? shape : undefined,
  );
}
