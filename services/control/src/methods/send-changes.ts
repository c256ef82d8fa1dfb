import { relayChanges } from '@flotilla/substrate/egress/relay';
import type { Call } from '@flotilla/substrate/rpc';
import { createChangeSource, readLease } from '@flotilla/substrate/store';
import type { Control } from '../control.ts';

/** With more waiting than this something is wrong, and a call is not the place to make up for it. */
const mostWaiting = 1_000;

/**
 * Sends an integration's changes on after an edit, so that the warehouse has it soon. A run under way does it itself; and what goes wrong here
 * is made up for by the sweep of the vendor's service: the edit stands, and its caller need not know.
 */
export async function sendChanges(
  { context, signal, log }: Pick<Call<Control>, 'context' | 'signal' | 'log'>,
  integration: { readonly customerId: string; readonly integrationId: string },
): Promise<void> {
  const { store, bus, clock } = context;
  try {
    const lease = await readLease(store, integration.customerId, integration.integrationId);
    if (lease === undefined || lease.runId !== null) return;
    const source = createChangeSource(store);
    if (lease.lastSequence - (await source.readCursor(integration)) > mostWaiting) return;
    await relayChanges({ source, bus, clock, integration, signal });
  } catch (error) {
    log.warn('Changes were not sent on; the sweep will do it', { ...integration, error });
  }
}
