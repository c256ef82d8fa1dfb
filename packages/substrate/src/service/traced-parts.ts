import type { Warehouse } from '../egress/warehouse.ts';
import { inSpan, traceHeaders } from '../observability/tracing.ts';
import type { Platform } from './platform.ts';

type Traced = Pick<Platform, 'tasks' | 'bus' | 'openWarehouse'>;

/**
 * The ports over which a trace goes on elsewhere: tasks and messages carry it (the header `traceparent`, the attribute of that name), so that
 * whoever takes them works within it; and what is landed in the warehouse is a span of it. Ports of any adapter, and outside of a trace as they are.
 */
export function traceParts({ tasks, bus, openWarehouse }: Traced): Traced {
  return {
    tasks: {
      ...tasks,
      enqueue: (task) =>
        inSpan({ name: 'enqueue', kind: 'producer', attributes: { queue: task.queue } }, () =>
          tasks.enqueue({ ...task, headers: { ...traceHeaders(), ...task.headers } }),
        ),
    },
    bus: {
      ...bus,
      publish: (topic, messages) =>
        inSpan(
          { name: 'publish', kind: 'producer', attributes: { topic, messages: messages.length } },
          () => {
            const headers = traceHeaders();
            return bus.publish(
              topic,
              messages.map((message) => ({ ...message, attributes: { ...headers, ...message.attributes } })),
            );
          },
        ),
    },
    openWarehouse: async () => traceWarehouse(await openWarehouse()),
  };
}

function traceWarehouse(warehouse: Warehouse): Warehouse {
  return {
    ...warehouse,
    append: (entityType, changes) =>
      inSpan({ name: 'append', kind: 'client', attributes: { entityType, rows: changes.length } }, () =>
        warehouse.append(entityType, changes),
      ),
  };
}
