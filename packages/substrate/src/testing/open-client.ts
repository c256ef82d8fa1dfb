import { systemClock } from '../clock/clock.system.ts';
import { createVendorClient } from '../http/create-vendor-client.ts';
import type { VendorClient } from '../http/vendor-client.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { Vendor } from '../vendor/define-vendor.ts';
import { readFailureOf } from '../vendor/read-failure.ts';

export interface OpenedClient {
  readonly client: VendorClient;
  /** The connection settings by the vendor's schema: what an entity's functions take. */
  readonly connection: unknown;
}

/** A client as a run has it, to a simulator on this machine: for tests of a vendor's requests, without a store or a run around them. */
export function openClient(
  { api }: Vendor,
  entered: { readonly connection: JsonObject; readonly credential: JsonObject },
): OpenedClient {
  const connection = api.connection.parse(entered.connection);
  const { baseUrl } = connection;
  const otherOrigins = api.otherOrigins?.(connection) ?? [];
  const client = createVendorClient({
    baseUrl,
    otherOrigins,
    auth: api.authorize(api.credential.parse(entered.credential), connection),
    limits: api.limits,
    failures: readFailureOf(api),
    clock: systemClock,
    // A test that wants a second try asks for it.
    retry: { attempts: 1 },
    allowedHosts: [baseUrl, ...otherOrigins].map((url) => new URL(url).host),
  });
  return { client, connection };
}
