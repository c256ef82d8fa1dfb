import { relayChanges } from '../../egress/relay.ts';
import { createChangeSource } from '../../store/changes.ts';
import { type Integration, listIntegrations } from '../../store/integrations.ts';
import { readLease } from '../../store/leases.ts';
import type { RunWorker } from '../parts.ts';

const pageSize = 100;

/**
 * Sends what runs of a vendor have committed and did not come to send: the bus was down as they ended. Integrations with a run under way
 * are left to it. Answers how many changes were sent.
 */
export async function sweepOutboxes(
  worker: Pick<RunWorker, 'store' | 'bus' | 'clock'>,
  vendorId: string,
  signal: AbortSignal,
): Promise<number> {
  const source = createChangeSource(worker.store);
  let sent = 0;
  let after: Integration | undefined;
  for (;;) {
    const page = await listIntegrations(worker.store, {
      limit: pageSize,
      ...(after === undefined ? {} : { after }),
    });
    for (const { customerId, integrationId, vendor } of page) {
      if (vendor !== vendorId || signal.aborted) continue;
      const lease = await readLease(worker.store, customerId, integrationId);
      if (lease === undefined || lease.runId !== null || lease.lastSequence === 0) continue;
      const integration = { customerId, integrationId };
      const { changes } = await relayChanges({
        source,
        bus: worker.bus,
        clock: worker.clock,
        integration,
        signal,
      });
      sent += changes;
    }
    after = page.at(-1);
    if (page.length < pageSize || signal.aborted) return sent;
  }
}
