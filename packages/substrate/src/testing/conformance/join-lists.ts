import type { Entity } from '../../vendor/define-entity.ts';
import type { Vendor } from '../../vendor/define-vendor.ts';
import type { Join } from '../../vendor/join.ts';

/** The list that says more of an entity's records, as an entity whose list it is: to be read past the pipeline, and known among requests. */
export function joinList(vendor: Vendor, entity: Entity, { collection, from, idOf }: Join): Entity {
  const { lists: _, within: __, parents: ___, from: ____, ...rest } = entity;
  const source = vendor.entities.find(({ entityType }) => entityType === from);
  return {
    ...rest,
    idOf,
    // One of the two is there (`defineVendor`).
    collection: (collection ?? source?.collection) as Entity['collection'],
    ...(from === undefined ? {} : { from }),
  };
}
