import { crc32c } from '@aws-crypto/crc32c';
import type { KeyManagementServiceClient } from '@google-cloud/kms';
import type { Clock } from '../clock/clock.ts';
import { Failure } from '../failure/failure.ts';
import { grpcStatus, grpcStatusOf, isPassingStatus } from '../failure/grpc-status.ts';
import { refuseSecret } from './corrupt-secret.ts';
import type { KeyRing } from './key-ring.ts';

export interface KmsKeyRingOptions {
  readonly projectId: string;
  /** Such as `europe-west1`; where the customer's data must stay. */
  readonly location: string;
  /** The key ring in which each vendor has a key of its name. */
  readonly keyRing: string;
  readonly clock: Clock;
  /** Another server that speaks KMS' protocol on this machine, without TLS: for tests. */
  readonly port?: number;
}

/** A key's primary version changes once a quarter: it need not be asked for at each wrap. */
const primaryKeptMs = 5 * 60_000;

/**
 * The key ring in Cloud KMS: one key a vendor, so that a vendor's service account can open its own vendor's secrets alone. Checksums go
 * with every call, both ways, as Google asks of callers that cannot afford a flipped bit. Failures: `credentials_corrupt`; `forbidden` where the service
 * account may not; `config_invalid` where the key does not exist; `unavailable`.
 */
export function createKmsKeyRing({
  projectId,
  location,
  keyRing,
  clock,
  port,
}: KmsKeyRingOptions): KeyRing & {
  close(): Promise<void>;
} {
  let connecting: Promise<KeyManagementServiceClient> | undefined;
  const primaries = new Map<string, { readonly name: string; readonly until: number }>();

  function connect(): Promise<KeyManagementServiceClient> {
    connecting ??= openClient(projectId, port);
    return connecting;
  }

  function keyName(ringId: string): string {
    return `projects/${projectId}/locations/${location}/keyRings/${keyRing}/cryptoKeys/${ringId}`;
  }

  function remember(ringId: string, name: string | null | undefined): string {
    if (!name)
      throw new Failure('config_invalid', "The vendor's key has no primary version", { data: { ringId } });
    primaries.set(ringId, { name, until: clock.now() + primaryKeptMs });
    return name;
  }

  return {
    async wrap(ringId, plainKey, associated) {
      const client = await connect();
      const [answer] = await translated(ringId, () =>
        client.encrypt({
          name: keyName(ringId),
          plaintext: plainKey,
          plaintextCrc32c: { value: crc32c(plainKey) },
          additionalAuthenticatedData: associated,
          additionalAuthenticatedDataCrc32c: { value: crc32c(associated) },
        }),
      );
      const wrapped = toBytes(answer.ciphertext);
      const isIntact =
        answer.verifiedPlaintextCrc32c &&
        answer.verifiedAdditionalAuthenticatedDataCrc32c &&
        Number(answer.ciphertextCrc32c?.value) === crc32c(wrapped);
      if (!isIntact) throw new Failure('unavailable', 'A key was damaged on its way to or from Cloud KMS');
      return { wrapped, ringKeyId: remember(ringId, answer.name) };
    },

    async unwrap(ringId, { wrapped, ringKeyId }, associated) {
      if (!ringKeyId.startsWith(`${keyName(ringId)}/`)) throw refuseSecret('unknown_ring_key', { ringKeyId });
      const client = await connect();
      const [answer] = await translated(ringId, () =>
        client.decrypt({
          name: keyName(ringId),
          ciphertext: wrapped,
          ciphertextCrc32c: { value: crc32c(wrapped) },
          additionalAuthenticatedData: associated,
          additionalAuthenticatedDataCrc32c: { value: crc32c(associated) },
        }),
      );
      const plainKey = toBytes(answer.plaintext);
      if (Number(answer.plaintextCrc32c?.value) !== crc32c(plainKey))
        throw new Failure('unavailable', 'A key was damaged on its way from Cloud KMS');
      return plainKey;
    },

    async primaryKeyId(ringId) {
      const known = primaries.get(ringId);
      if (known !== undefined && clock.now() < known.until) return known.name;
      const client = await connect();
      const [key] = await translated(ringId, () => client.getCryptoKey({ name: keyName(ringId) }));
      return remember(ringId, key.primary?.name);
    },

    async close() {
      await (await connecting)?.close();
    },
  };
}

/** Google's library is loaded at the first use: it costs about 150 ms. */
async function openClient(projectId: string, port: number | undefined): Promise<KeyManagementServiceClient> {
  const { KeyManagementServiceClient } = await import('@google-cloud/kms');
  if (port === undefined) return new KeyManagementServiceClient({ projectId });
  // Else the first call waits for a server that only machines of Google's have.
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  const { grpc } = await import('google-gax');
  return new KeyManagementServiceClient({
    projectId,
    apiEndpoint: '127.0.0.1',
    port,
    sslCreds: grpc.credentials.createInsecure(),
  });
}

function toBytes(value: Uint8Array | string | null | undefined): Uint8Array {
  return typeof value === 'string' ? Buffer.from(value, 'base64') : (value ?? new Uint8Array());
}

async function translated<R>(ringId: string, call: () => Promise<R>): Promise<R> {
  try {
    return await call();
  } catch (cause) {
    const code = grpcStatusOf(cause);
    const options = { data: { ringId, kmsCode: code }, cause };
    if (isPassingStatus(code)) throw new Failure('unavailable', 'Cloud KMS does not answer', options);
    switch (code) {
      case grpcStatus.invalidArgument:
        throw refuseSecret('not_authentic', { ringId });
      case grpcStatus.failedPrecondition:
        // The version that wrapped it is disabled or destroyed.
        throw refuseSecret('unknown_ring_key', { ringId });
      case grpcStatus.notFound:
        throw new Failure('config_invalid', 'Cloud KMS has no key for this vendor', options);
      case grpcStatus.permissionDenied:
      case grpcStatus.unauthenticated:
        throw new Failure('forbidden', "This service account may not use the vendor's key", options);
      default:
        throw new Failure('internal', 'Cloud KMS failed', options);
    }
  }
}
