import { CustomerId, IntegrationId, JsonMembers } from '@flotilla/substrate/methods';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { readIntegration, putCredential as sealCredential } from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { noteAction } from './note-action.ts';

export const putCredential = defineMethod({
  name: 'credentials.put',
  version: 1,
  summary: 'Stores the credential of an integration; it can be replaced, but never read back',
  params: z.strictObject({
    customerId: CustomerId,
    integrationId: IntegrationId,
    credential: JsonMembers.describe("By the vendor's schema (vendor.describe)"),
  }),
  result: z.strictObject({ stored: z.literal(true) }),
  roles: ['admin'],
  errors: ['not_found'],
  async run(call: Call<Control>, { customerId, integrationId, credential }) {
    const { context } = call;
    await readIntegration(context.store, customerId, integrationId);
    await context.prepareKey({ customerId, integrationId });
    await context.store.transaction(async (transaction) => {
      await readIntegration(transaction, customerId, integrationId);
      sealCredential(transaction, customerId, integrationId, credential);
      const action = 'credentials.put.v1';
      // That it was done, and nothing of what it is.
      noteAction(call, transaction, { customerId, action, target: { integrationId }, detail: {} });
    });
    return { stored: true as const };
  },
});
