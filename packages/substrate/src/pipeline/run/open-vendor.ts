import { Failure } from '../../failure/failure.ts';
import { secretsOf } from '../../http/auth.ts';
import type { VendorClient } from '../../http/vendor-client.ts';
import type { JsonValue } from '../../json/json-value.ts';
import { toRequest } from '../../vendor/collection-request.ts';
import type { Discovery } from '../../vendor/define-api.ts';
import type { Collection } from '../../vendor/define-entity.ts';
import type { Vendor } from '../../vendor/define-vendor.ts';
import { readFailureOf } from '../../vendor/read-failure.ts';
import type { RunWorker } from '../parts.ts';
import { describeIssues } from '../record-failure.ts';

/** A vendor, connected for one integration. */
export interface OpenedVendor {
  readonly client: VendorClient;
  /** The connection settings by the vendor's schema, with what was discovered: what an entity's functions take. */
  readonly connection: unknown;
  /** The vendor's cheap request that proves a credential. */
  readonly check: Collection;
  /** Closes the client and forgets the secrets. */
  close(): Promise<void>;
}

/**
 * Parses an integration's connection and credential by the vendor's schemas, opens a client and asks what there is to be discovered. Fails
 * with `config_invalid` for a connection, `credentials_rejected` for a credential that does not fit, naming the members; and as requests do.
 */
export async function openVendor(
  worker: Pick<RunWorker, 'openClient' | 'guardSecrets'>,
  vendor: Vendor,
  connection: JsonValue,
  credential: JsonValue,
  signal: AbortSignal,
): Promise<OpenedVendor> {
  const { api } = vendor;
  const settings = api.connection.safeParse(connection);
  if (!settings.success) {
    throw new Failure(
      'config_invalid',
      'The connection settings do not have the form that this vendor needs',
      {
        data: { vendor: vendor.id, issues: describeIssues(settings.error) },
      },
    );
  }
  const secret = api.credential.safeParse(credential);
  if (!secret.success) {
    throw new Failure(
      'credentials_rejected',
      'The stored credentials do not have the form that this vendor needs',
      {
        data: { vendor: vendor.id, issues: describeIssues(secret.error) },
      },
    );
  }
  const auth = api.authorize(secret.data, settings.data);
  // Before the first use, so that no line can carry them.
  const forgetSecrets = worker.guardSecrets(secretsOf(auth));
  const client = worker.openClient({
    baseUrl: settings.data.baseUrl,
    ...(api.otherOrigins === undefined ? {} : { otherOrigins: api.otherOrigins(settings.data) }),
    auth,
    limits: api.limits,
    signal,
    failures: readFailureOf(api),
  });
  async function close(): Promise<void> {
    await client.close();
    forgetSecrets();
  }
  try {
    const found =
      api.discover === undefined ? settings.data : await discover(client, api.discover, settings.data);
    return { client, connection: found, check: api.check(found), close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

async function discover<N>(client: VendorClient, { request, read }: Discovery<N>, settings: N): Promise<N> {
  const asked = toRequest(request(settings));
  const answer = await client.request({ ...asked, tolerate: [404] });
  // Nothing there is a wrong address, as it is where a list is asked for.
  const found = answer.status === 404 ? undefined : read(answer.json(), settings);
  if (found !== undefined) return found;
  throw new Failure('vendor_answer_invalid', 'The vendor does not tell in the promised way what it offers', {
    data: { problem: 'discovery', path: asked.path },
  });
}
