import type { Entity, EntityWrite } from './define-entity.ts';
import type { Vendor } from './define-vendor.ts';

/** Pure. The vendor as it is under one integration's connection settings, parsed: what it takes may depend on them. */
export function vendorUnder(vendor: Vendor, connection: unknown): Vendor {
  return { ...vendor, entities: vendor.entities.map((entity) => entityUnder(entity, connection)) };
}

function entityUnder(entity: Entity, connection: unknown): Entity {
  if (entity.write?.under === undefined) return entity;
  const { under, members: _, assignment: __, ...write } = entity.write;
  const narrowed: EntityWrite = { ...write, ...under(connection) };
  return { ...entity, write: narrowed };
}
