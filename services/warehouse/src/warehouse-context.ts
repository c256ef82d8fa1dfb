import type { Warehouse } from '@flotilla/substrate/egress/warehouse';

/** What the warehouse's methods work with. */
export interface WarehouseContext {
  readonly warehouse: Warehouse;
}
