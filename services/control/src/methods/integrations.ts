import { Failure, isFailure } from '@flotilla/substrate/failure';
import { CustomerId, IntegrationId, JsonMembers } from '@flotilla/substrate/methods';
import { diffFields } from '@flotilla/substrate/report/diff-fields';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import {
  type Integration,
  readIntegration,
  requireCustomer,
  listIntegrations as scanIntegrations,
  putIntegration as writeIntegration,
} from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';
import { IntegrationState, IntegrationView, viewIntegrations } from './integration-view.ts';
import { noteAction } from './note-action.ts';

/** A connection is shown to whoever may look; an address with a password in it would be a secret in the open. */
function holdsNoUser({ baseUrl }: Readonly<Record<string, unknown>>): boolean {
  const url = typeof baseUrl === 'string' ? URL.parse(baseUrl) : null;
  return url === null || (url.username === '' && url.password === '');
}

export const putIntegration = defineMethod({
  name: 'integrations.put',
  version: 1,
  summary: 'Connects a customer to a vendor, or changes the connection',
  params: z.strictObject({
    customerId: CustomerId,
    integrationId: IntegrationId.optional().describe("Default: the vendor's id"),
    isNew: z
      .literal(true)
      .optional()
      .describe('Only connects: one that is there already is left as it is, and `already_exists` the answer'),
    vendor: z.string().min(1).describe('Such as oneroster'),
    connection: JsonMembers.refine(holdsNoUser, {
      path: ['baseUrl'],
      message: 'a user name or password in an address is a secret: it belongs into the credential',
    })
      .optional()
      .describe(
        "By the vendor's schema (vendor.describe); baseUrl is in it, secrets are not. Left out: as it is; a new one needs it",
      ),
    state: IntegrationState.optional().describe(
      'A paused integration is passed over by the nightly run. Left out: as it is; a new one is active',
    ),
  }),
  result: z.strictObject({ integrationId: z.string(), created: z.boolean() }),
  roles: ['admin'],
  errors: ['not_found', 'already_exists'],
  async run(call: Call<Control>, { customerId, isNew, vendor, ...params }) {
    const { context } = call;
    const integrationId = params.integrationId ?? vendor;
    requireVendor(context.vendors, vendor);
    return await context.store.transaction(async (transaction) => {
      await requireCustomer(transaction, customerId);
      const existing = await findIntegration(transaction, customerId, integrationId);
      if (existing !== undefined && isNew) {
        throw new Failure('already_exists', 'The customer has an integration of this id already', {
          data: { integrationId, vendor: existing.vendor },
        });
      }
      if (existing !== undefined && existing.vendor !== vendor) {
        throw new Failure('already_exists', 'The integration belongs to another vendor', {
          data: { integrationId, vendor: existing.vendor },
        });
      }
      const connection = params.connection ?? existing?.connection;
      if (connection === undefined)
        throw new Failure('invalid_params', 'A new integration needs a connection', {
          data: { issues: [{ pointer: '/connection', message: 'there is no such integration yet' }] },
        });
      const settings = existing?.settings ?? {};
      const state = params.state ?? existing?.state ?? 'active';
      const integration = { customerId, integrationId, vendor, state, connection, settings };
      writeIntegration(transaction, integration, existing === undefined);
      const before = existing === undefined ? null : connectionOf(existing);
      const fields = diffFields(before, connectionOf(integration)).map((field) => ({ ...field }));
      if (fields.length > 0) {
        const action = 'integrations.put.v1';
        noteAction(call, transaction, { customerId, action, target: { integrationId }, detail: { fields } });
      }
      return { integrationId, created: existing === undefined };
    });
  },
});

export const listIntegrations = defineMethod({
  name: 'integrations.list',
  version: 1,
  summary: "A customer's integrations, each with its last run and its next start",
  params: z.strictObject({ customerId: CustomerId }),
  result: z.strictObject({ integrations: z.array(IntegrationView) }),
  roles: ['admin', 'orchestrator', 'viewer'],
  errors: ['not_found'],
  async run({ context }: Call<Control>, { customerId }) {
    const customer = await requireCustomer(context.store, customerId);
    const integrations = await scanIntegrations(context.store, { customerId, limit: 1000 });
    return { integrations: await viewIntegrations(context, customer, integrations) };
  },
});

export const getIntegration = defineMethod({
  name: 'integrations.get',
  version: 1,
  summary: 'One integration, with its last run and its next start',
  params: z.strictObject({ customerId: CustomerId, integrationId: IntegrationId }),
  result: IntegrationView,
  roles: ['admin', 'orchestrator', 'viewer'],
  errors: ['not_found'],
  async run({ context }: Call<Control>, { customerId, integrationId }) {
    const integration = await readIntegration(context.store, customerId, integrationId);
    const customer = await requireCustomer(context.store, customerId);
    const [view] = await viewIntegrations(context, customer, [integration]);
    return view as NonNullable<typeof view>;
  },
});

/** What connecting is about, as the audit trail shows it. */
function connectionOf({ vendor, state, connection }: Pick<Integration, 'vendor' | 'state' | 'connection'>) {
  return { vendor, state, connection };
}

function requireVendor(vendors: readonly string[], vendor: string): void {
  if (vendors.includes(vendor)) return;
  const message = `The fleet has no service of this vendor; it has ${vendors.toSorted().join(', ') || 'none'}`;
  throw new Failure('invalid_params', 'No such vendor', {
    data: { issues: [{ pointer: '/vendor', message }] },
  });
}

async function findIntegration(
  reader: Parameters<typeof readIntegration>[0],
  customerId: string,
  integrationId: string,
): Promise<Integration | undefined> {
  try {
    return await readIntegration(reader, customerId, integrationId);
  } catch (thrown) {
    if (isFailure(thrown, 'not_found')) return undefined;
    throw thrown;
  }
}
