import { Failure } from '../failure/failure.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import { commitTime, commitTimestamp, encrypted, int64, json, string } from '../orm/columns.ts';
import type { Reader, Transaction } from '../orm/database.ts';
import { defineTable, type RowOf } from '../orm/table.ts';
import type { ChosenSettings } from '../settings/integration-settings.ts';
import { customers, requireCustomer } from './customers.ts';

/** One customer's connection to one vendor: the unit of sharding, locking and parallelism. */
export const integrations = defineTable('integrations', {
  columns: {
    customerId: string(64),
    integrationId: string(64),
    vendor: string(64),
    /** `active` or `paused`; the nightly run passes a paused one over. */
    state: string(16),
    /** By the vendor's connection schema; `baseUrl` is in it. No secrets. */
    connection: json<JsonObject>(),
    settings: json<ChosenSettings>(),
    /** 0 at first, one more with each change of the settings: who changes them says which he saw. */
    settingsVersion: int64(),
    createdAt: commitTimestamp(),
  },
  primaryKey: ['customerId', 'integrationId'],
  interleaveIn: { parent: customers, onDelete: 'cascade' },
});
export type Integration = RowOf<typeof integrations>;

/** The secret, apart from the integration: who lists integrations never touches it. */
export const credentials = defineTable('credentials', {
  columns: {
    customerId: string(64),
    integrationId: string(64),
    credential: encrypted(json<JsonValue>(), { boundTo: ['customerId', 'integrationId'] }),
    updatedAt: commitTimestamp(),
  },
  primaryKey: ['customerId', 'integrationId'],
  interleaveIn: { parent: customers, onDelete: 'cascade' },
});

/** Fails with `not_found`: also where the integration exists under another customer. Says which of the two there is not. */
export async function readIntegration(
  reader: Reader,
  customerId: string,
  integrationId: string,
): Promise<Integration> {
  const integration = await reader.get(integrations, { customerId, integrationId });
  if (integration !== undefined) return integration;
  await requireCustomer(reader, customerId);
  throw new Failure('not_found', 'No such integration', { data: { customerId, integrationId } });
}

/** As `readIntegration`; one of another vendor is as good as none: its credential is not this vendor's to open. */
export async function readVendorIntegration(
  reader: Reader,
  customerId: string,
  integrationId: string,
  vendor: string,
): Promise<Integration> {
  const integration = await readIntegration(reader, customerId, integrationId);
  if (integration.vendor === vendor) return integration;
  throw new Failure('not_found', 'No such integration of this vendor', {
    data: { customerId, integrationId, vendor },
  });
}

/** Of one customer, or of all in key order, for the fan-out. */
export function listIntegrations(
  reader: Reader,
  scope: {
    readonly customerId?: string;
    readonly after?: Pick<Integration, 'customerId' | 'integrationId'>;
    readonly limit: number;
  },
): Promise<readonly Integration[]> {
  const { customerId, after, limit } = scope;
  return reader.scan(integrations, {
    limit,
    ...(customerId === undefined ? {} : { prefix: { customerId } }),
    ...(after === undefined ? {} : { after }),
  });
}

export function putIntegration(
  transaction: Transaction,
  integration: Omit<Integration, 'createdAt' | 'settingsVersion'>,
  isNew: boolean,
): void {
  if (isNew) transaction.insert(integrations, { ...integration, settingsVersion: 0, createdAt: commitTime });
  else transaction.update(integrations, integration);
}

/** Replaces the settings; `version` is the new one. */
export function putSettings(
  transaction: Transaction,
  { customerId, integrationId }: Pick<Integration, 'customerId' | 'integrationId'>,
  settings: ChosenSettings,
  version: number,
): void {
  transaction.update(integrations, { customerId, integrationId, settings, settingsVersion: version });
}

/** Fails with `credentials_rejected` where none was ever stored. */
export async function readCredential(
  reader: Reader,
  customerId: string,
  integrationId: string,
): Promise<JsonValue> {
  const row = await reader.get(credentials, { customerId, integrationId });
  if (row !== undefined) return row.credential;
  throw new Failure('credentials_rejected', 'No credentials are stored for this integration', {
    data: { customerId, integrationId },
  });
}

/** Write-only: nothing but a vendor's own service reads it back. */
export function putCredential(
  transaction: Transaction,
  customerId: string,
  integrationId: string,
  credential: JsonValue,
): void {
  transaction.upsert(credentials, { customerId, integrationId, credential, updatedAt: commitTime });
}
