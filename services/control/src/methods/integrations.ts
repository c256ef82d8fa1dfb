import { Failure, isFailure } from '@flotilla/substrate/failure';
import { CustomerId, IntegrationId, JsonMembers } from '@flotilla/substrate/methods';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { IntegrationSettings } from '@flotilla/substrate/settings/integration-settings';
import {
  type Integration,
  readCustomer,
  readIntegration,
  listIntegrations as scanIntegrations,
  putCredential as sealCredential,
  putIntegration as writeIntegration,
  putSettings as writeSettings,
} from '@flotilla/substrate/store';
import { z } from 'zod';
import type { Control } from '../control.ts';

const Settings = IntegrationSettings;

/** A connection is shown to whoever may look; an address with a password in it would be a secret in the open. */
function holdsNoUser({ baseUrl }: Readonly<Record<string, unknown>>): boolean {
  const url = typeof baseUrl === 'string' ? URL.parse(baseUrl) : null;
  return url === null || (url.username === '' && url.password === '');
}

const State = z.enum(['active', 'paused']);

const IntegrationView = z.strictObject({
  customerId: z.string(),
  integrationId: z.string(),
  vendor: z.string(),
  state: State,
  connection: JsonMembers,
  settings: Settings,
  createdAt: z.string(),
});

export const putIntegration = defineMethod({
  name: 'integrations.put',
  version: 1,
  summary: 'Connects a customer to a vendor, or changes the connection',
  params: z.strictObject({
    customerId: CustomerId,
    integrationId: IntegrationId.optional().describe("Default: the vendor's id"),
    vendor: z.string().min(1).describe('Such as oneroster'),
    connection: JsonMembers.refine(holdsNoUser, {
      path: ['baseUrl'],
      message: 'a user name or password in an address is a secret: it belongs into the credential',
    }).describe("By the vendor's schema (vendor.describe); baseUrl is in it, secrets are not"),
    state: State.default('active').describe('A paused integration is passed over by the nightly run'),
  }),
  result: z.strictObject({ integrationId: z.string(), created: z.boolean() }),
  roles: ['admin'],
  errors: ['not_found', 'already_exists'],
  async run({ context }: Call<Control>, { customerId, vendor, connection, state, ...params }) {
    const integrationId = params.integrationId ?? vendor;
    requireVendor(context.vendors, vendor);
    return await context.store.transaction(async (transaction) => {
      await requireCustomer(transaction, customerId);
      const existing = await findIntegration(transaction, customerId, integrationId);
      if (existing !== undefined && existing.vendor !== vendor) {
        throw new Failure('already_exists', 'The integration belongs to another vendor', {
          data: { integrationId, vendor: existing.vendor },
        });
      }
      const settings = existing?.settings ?? { disabledEntityTypes: [] };
      const integration = { customerId, integrationId, vendor, state, connection, settings };
      writeIntegration(transaction, integration, existing === undefined);
      return { integrationId, created: existing === undefined };
    });
  },
});

export const listIntegrations = defineMethod({
  name: 'integrations.list',
  version: 1,
  summary: "A customer's integrations",
  params: z.strictObject({ customerId: CustomerId }),
  result: z.strictObject({ integrations: z.array(IntegrationView) }),
  roles: ['admin', 'orchestrator', 'viewer'],
  async run({ context }: Call<Control>, { customerId }) {
    const integrations = await scanIntegrations(context.store, { customerId, limit: 1000 });
    return { integrations: integrations.map(viewIntegration) };
  },
});

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
  async run({ context }: Call<Control>, { customerId, integrationId, credential }) {
    await readIntegration(context.store, customerId, integrationId);
    await context.prepareKey({ customerId, integrationId });
    await context.store.transaction(async (transaction) => {
      await readIntegration(transaction, customerId, integrationId);
      sealCredential(transaction, customerId, integrationId, credential);
    });
    return { stored: true as const };
  },
});

export const getSettings = defineMethod({
  name: 'settings.get',
  version: 1,
  summary: "An integration's settings",
  params: z.strictObject({ customerId: CustomerId, integrationId: IntegrationId }),
  result: Settings,
  roles: ['admin', 'orchestrator', 'viewer'],
  errors: ['not_found'],
  async run({ context }: Call<Control>, { customerId, integrationId }) {
    return viewIntegration(await readIntegration(context.store, customerId, integrationId)).settings;
  },
});

export const putSettings = defineMethod({
  name: 'settings.put',
  version: 1,
  summary: "Replaces an integration's settings; runs that begin from now on follow them",
  params: z.strictObject({ customerId: CustomerId, integrationId: IntegrationId, settings: Settings }),
  result: Settings,
  roles: ['admin'],
  errors: ['not_found'],
  async run({ context }: Call<Control>, { customerId, integrationId, settings }) {
    await context.store.transaction(async (transaction) => {
      const integration = await readIntegration(transaction, customerId, integrationId);
      writeSettings(transaction, integration, settings, integration.settingsVersion + 1);
    });
    return settings;
  },
});

function viewIntegration(integration: Integration): z.input<typeof IntegrationView> {
  const { settings, settingsVersion: _version, connection, state, ...rest } = integration;
  return {
    ...rest,
    state: State.parse(state),
    connection: { ...connection },
    settings: Settings.parse(settings),
  };
}

function requireVendor(vendors: readonly string[], vendor: string): void {
  if (vendors.includes(vendor)) return;
  const message = `The fleet has no service of this vendor; it has ${vendors.toSorted().join(', ') || 'none'}`;
  throw new Failure('invalid_params', 'No such vendor', {
    data: { issues: [{ pointer: '/vendor', message }] },
  });
}

async function requireCustomer(
  reader: Parameters<typeof readCustomer>[0],
  customerId: string,
): Promise<void> {
  if ((await readCustomer(reader, customerId)) !== undefined) return;
  throw new Failure('not_found', 'No such customer', { data: { customerId } });
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
