import { z } from 'zod';
import { createVendorClient } from '../http/create-vendor-client.ts';
import { families } from '../model/entity-types.ts';
import { inSpan } from '../observability/tracing.ts';
import { type RunWorker, runSliceTask } from '../pipeline/parts.ts';
import { runSlice } from '../pipeline/run/run-slice.ts';
import { sweepOutboxes } from '../pipeline/run/sweep-outboxes.ts';
import { sweepRuns } from '../pipeline/run/sweep-runs.ts';
import type { AnyMethod } from '../rpc/define-method.ts';
import { type Vendor, vendorQueues } from '../vendor/define-vendor.ts';
import { defineConnectionCheck } from './methods/connection-check.ts';
import { defineDescribe } from './methods/describe-vendor.ts';
import { defineKeyRewrap } from './methods/rewrap-keys.ts';
import { defineKeyRotation } from './methods/rotate-key.ts';
import { getRun } from './methods/runs.ts';
import { defineSync } from './methods/sync.ts';
import type { Service, ServiceDefinition, ServiceParts } from './service-definition.ts';

const secretsKeptMs = 60_000;

const SliceTask = z.object({ customerId: z.string(), runId: z.string(), slice: z.int() });

/** The service of a vendor: everything follows from the description. */
export function vendorService(vendor: Vendor): ServiceDefinition<RunWorker> {
  return {
    name: vendor.id,
    mayUnwrap: true,
    memory: vendor.runtime.memory,
    open: async (parts) => openService(vendor, parts),
  };
}

/** The methods that every vendor's service has, and those that this vendor's has besides. */
export function vendorMethods(vendor: Vendor): readonly AnyMethod<RunWorker>[] {
  // A description cannot name the worker's type; whatever a vendor's service has is called with one.
  const chosen = (vendor.methods?.(vendor) ?? []) as readonly AnyMethod<RunWorker>[];
  return [...commonMethods(vendor), ...chosen];
}

function commonMethods(vendor: Vendor): readonly AnyMethod<RunWorker>[] {
  return [
    ...families.flatMap((family) => defineSync(vendor, family)),
    defineConnectionCheck(vendor),
    defineDescribe(vendor),
    getRun,
    defineKeyRotation(vendor),
    defineKeyRewrap(vendor),
  ];
}

function openService(vendor: Vendor, parts: ServiceParts): Service<RunWorker> {
  const { clock, log, secrets, settings, vault } = parts;
  const worker: RunWorker = {
    ...parts,
    sliceMs: settings.sliceMs,
    // What a run fails with is logged after it has let go of its secrets.
    guardSecrets(values) {
      const forget = secrets.add(...values);
      return () => void clock.sleep(secretsKeptMs).then(forget);
    },
    prepareKey: (owner) => vault.prepare(owner),
    openClient: (options) =>
      createVendorClient({
        ...options,
        clock,
        allowedHosts: settings.allowedHosts,
        onAttempt: (report) => log.debug('A request to the vendor', { ...report }),
      }),
  };
  return {
    context: worker,
    methods: vendorMethods(vendor),
    queues: vendorQueues(vendor),
    taskRoutes: {
      async [runSliceTask](delivery) {
        const task = SliceTask.parse(delivery.body);
        const runLog = delivery.log.child({ runId: task.runId, slice: task.slice });
        const outcome = await inSpan({ name: 'slice', attributes: task }, () =>
          runSlice({ ...worker, log: runLog }, vendor, task, delivery),
        );
        runLog.info('A slice of a run ended', { outcome });
      },
    },
    async sweep(signal) {
      const { revived } = await sweepRuns(worker, vendor.id);
      if (revived > 0) log.warn('Runs had lost their tasks and were queued again', { revived });
      const sent = await sweepOutboxes(worker, vendor.id, signal);
      if (sent > 0) log.warn('Changes had been left unsent and were sent', { sent });
    },
  };
}
