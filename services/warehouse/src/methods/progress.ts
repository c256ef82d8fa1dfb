import { CustomerId, IntegrationId } from '@flotilla/substrate/methods';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { z } from 'zod';
import type { WarehouseContext } from '../warehouse-context.ts';

export const readProgress = defineMethod({
  name: 'warehouse.progress',
  version: 1,
  summary: "How many of an integration's changes have landed",
  params: z.strictObject({ customerId: CustomerId, integrationId: IntegrationId }),
  result: z.strictObject({
    highestSequence: z.int().describe('0 when nothing has landed'),
    changes: z.int().describe('Equal to highestSequence when none is missing'),
  }),
  roles: ['admin', 'orchestrator', 'viewer'],
  run({ context }: Call<WarehouseContext>, integration) {
    return context.warehouse.progress(integration);
  },
});
