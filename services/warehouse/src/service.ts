import { changesTopic, warehouseSubscription } from '@flotilla/substrate/egress/relay';
import { entityColumns, entityTypeNames } from '@flotilla/substrate/model';
import type { AnyMethod } from '@flotilla/substrate/rpc';
import type { Service, ServiceDefinition } from '@flotilla/substrate/service';
import { readProgress } from './methods/progress.ts';
import { queryWarehouse } from './methods/query.ts';
import type { WarehouseContext } from './warehouse-context.ts';
import { writeChanges } from './write-changes.ts';

export const warehouseMethods: readonly AnyMethod<WarehouseContext>[] = [queryWarehouse, readProgress];

/** `infra/` makes them in a project, from here. */
export const warehouseSubscriptions: NonNullable<Service<WarehouseContext>['subscriptions']> = [
  {
    name: warehouseSubscription,
    topic: changesTopic,
    route: 'changes',
    ackDeadlineMs: 60_000,
    minBackoffMs: 1_000,
    maxBackoffMs: 60_000,
    maxDeliveryAttempts: 20,
    maxConcurrentPushes: 4,
  },
];

/** Takes changes from the bus and writes them to the warehouse. */
export const warehouse: ServiceDefinition<WarehouseContext> = {
  name: 'warehouse',
  mayUnwrap: false,
  // Of Node alone: DuckDB, which the embedded stack has instead of BigQuery, takes its own beside it. Four of the largest messages at once reach
  // 324 MB.
  memory: '512MiB',
  async open({ openWarehouse }) {
    const opened = await openWarehouse();
    await opened.ensureTables(
      entityTypeNames.map((entityType) => ({ entityType, fields: entityColumns(entityType) })),
    );
    return {
      context: { warehouse: opened },
      methods: warehouseMethods,
      subscriptions: warehouseSubscriptions,
      pushRoutes: {
        async changes(delivery) {
          const written = await writeChanges(opened, delivery);
          delivery.log.debug('Changes landed', { ...written });
        },
      },
      close: () => opened.close(),
    };
  },
};
