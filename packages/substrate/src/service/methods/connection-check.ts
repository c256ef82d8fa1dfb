import { z } from 'zod';
import { factsOf } from '../../failure/codes.ts';
import { Failure, toFailure } from '../../failure/failure.ts';
import type { RunWorker } from '../../pipeline/parts.ts';
import { recordFailure } from '../../pipeline/record-failure.ts';
import { openVendor } from '../../pipeline/run/open-vendor.ts';
import type { Call } from '../../rpc/call.ts';
import { defineMethod } from '../../rpc/define-method.ts';
import { type Integration, readCredential, readVendorIntegration } from '../../store/integrations.ts';
import { recordsIn, toRequest } from '../../vendor/collection-request.ts';
import type { Vendor } from '../../vendor/define-vendor.ts';
import { CustomerId, IntegrationId } from './identifiers.ts';
import { FailureView } from './run-view.ts';

export const ConnectionVerdict = z.strictObject({
  ok: z.boolean(),
  failure: FailureView.nullable(),
  advice: z.string().nullable().describe('What a person can do about the failure'),
});

/** `connection.check`: asks the vendor something cheap with the stored credentials. What is wrong is the result, not an error. */
export function defineConnectionCheck(vendor: Vendor) {
  return defineMethod({
    name: 'connection.check',
    version: 1,
    summary: 'Whether the vendor accepts the stored credentials, and if not, why',
    params: z.strictObject({ customerId: CustomerId, integrationId: IntegrationId.default(vendor.id) }),
    result: ConnectionVerdict,
    roles: ['admin', 'orchestrator', 'viewer'],
    errors: ['not_found'],
    async run({ context: worker, signal, log }: Call<RunWorker>, { customerId, integrationId }) {
      const integration = await readVendorIntegration(worker.store, customerId, integrationId, vendor.id);
      try {
        await tryConnection(worker, vendor, integration, signal);
        return { ok: true, failure: null, advice: null };
      } catch (thrown) {
        const { code, message, data } = recordFailure(thrown);
        if (!(thrown instanceof Failure)) log.error('A connection check broke', { error: thrown });
        return {
          ok: false,
          failure: { code, message, data: { ...data } },
          advice: factsOf(toFailure(thrown).code).advice,
        };
      }
    },
  });
}

async function tryConnection(
  worker: RunWorker,
  vendor: Vendor,
  { customerId, integrationId, connection }: Integration,
  signal: AbortSignal,
): Promise<void> {
  const credential = await readCredential(worker.store, customerId, integrationId);
  const { client, check, close } = await openVendor(worker, vendor, connection, credential, signal);
  try {
    const answer = await client.request(toRequest(check));
    recordsIn(answer.json(), check);
  } finally {
    await close();
  }
}
