import { ConnectionVerdict, CustomerId, IntegrationId } from '@flotilla/substrate/methods';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { readIntegration } from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';

/** A service of a later release may say more. */
const Said = z.object(ConnectionVerdict.shape);

export const checkIntegration = defineMethod({
  name: 'integrations.check',
  version: 1,
  summary: 'Whether the vendor accepts the stored credentials, and if not, why; asked of the vendor now',
  params: z.strictObject({ customerId: CustomerId, integrationId: IntegrationId }),
  result: ConnectionVerdict,
  roles: ['admin', 'orchestrator', 'viewer'],
  errors: ['not_found', 'unavailable', 'config_invalid'],
  async run({ context, signal }: Call<Control>, { customerId, integrationId }) {
    const { vendor } = await readIntegration(context.store, customerId, integrationId);
    const params = { customerId, integrationId };
    return context.peers.call(vendor, 'connection.check.v1', params, { result: Said, signal });
  },
});
