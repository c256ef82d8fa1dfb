/** Pure. The public face of `model/`. */
export { entityColumns } from './entity-columns.ts';
export { type EntityType, type EntityValue, entityTypeNames, isEntityType } from './entity-types.ts';
