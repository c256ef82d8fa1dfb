import type { IntegrationKey } from '../../egress/change.ts';
import { relayChanges } from '../../egress/relay.ts';
import { createChangeSource } from '../../store/changes.ts';
import { type Integration, listIntegrations } from '../../store/integrations.ts';
import { readLease } from '../../store/leases.ts';
import type { RunWorker } from '../parts.ts';

const pageSize = 100;

/**
 * Sends what runs of a vendor have committed and did not come to send: the bus was down as they ended. Integrations with a run under way
 * are left to it. What cannot be sent is logged, and holds back no other integration. Answers how many changes were sent.
 */
export async function sweepOutboxes(
  worker: Pick<RunWorker, 'store' | 'bus' | 'clock' | 'log'>,
  vendorId: string,
  signal: AbortSignal,
): Promise<number> {
  let sent = 0;
  let after: Integration | undefined;
  for (;;) {
    const page = await listIntegrations(worker.store, {
      limit: pageSize,
      ...(after === undefined ? {} : { after }),
    });
    for (const { customerId, integrationId, vendor } of page) {
      if (vendor !== vendorId || signal.aborted) continue;
      try {
        sent += await sendUnsent(worker, { customerId, integrationId }, signal);
      } catch (error) {
        worker.log.error('Changes of an integration could not be sent; the next sweep tries again', {
          error,
          customerId,
          integrationId,
        });
      }
    }
    after = page.at(-1);
    if (page.length < pageSize || signal.aborted) return sent;
  }
}

async function sendUnsent(
  { store, bus, clock }: Pick<RunWorker, 'store' | 'bus' | 'clock'>,
  integration: IntegrationKey,
  signal: AbortSignal,
): Promise<number> {
  const lease = await readLease(store, integration.customerId, integration.integrationId);
  if (lease === undefined || lease.runId !== null || lease.lastSequence === 0) return 0;
  const source = createChangeSource(store);
  return (await relayChanges({ source, bus, clock, integration, signal })).changes;
}
