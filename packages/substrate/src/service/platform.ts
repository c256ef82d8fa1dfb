import type { Vault } from '../credentials/vault.ts';
import type { ChangeBus } from '../egress/change-bus.ts';
import type { Warehouse } from '../egress/warehouse.ts';
import type { Store } from '../store/schema.ts';
import type { TaskQueue } from '../tasks/task-queue.ts';

/** What all services stand on: an adapter of every port. */
export interface Platform {
  /** Opens encrypted columns too. */
  readonly store: Store;
  readonly vault: Vault;
  readonly tasks: TaskQueue;
  readonly bus: ChangeBus;
  /** One service of the fleet owns the warehouse; only that one may ask for it, and closes it. */
  readonly openWarehouse: () => Promise<Warehouse>;
  close(): Promise<void>;
}
