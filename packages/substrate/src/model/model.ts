/** Pure. The public face of `model/`. */
export { entityColumns } from './entity-columns.ts';
export {
  type EntityType,
  type EntityValue,
  entityTypeFacts,
  entityTypeNames,
  type Family,
  families,
  isEntityType,
  volatilePointers,
} from './entity-types.ts';
