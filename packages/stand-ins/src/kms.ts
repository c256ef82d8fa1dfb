import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { crc32c } from '@aws-crypto/crc32c';
import { type GrpcServer, type GrpcServerOptions, Refusal, serveGrpc } from './grpc-server.ts';

export interface KmsStandIn extends GrpcServer {
  /** Makes a new primary version of every key that there is, as rotation does. */
  rotate(): void;
  /** What was done with keys, in order: `Encrypt <key>`. */
  readonly calls: readonly string[];
  /** The next calls are refused so. */
  refuse(code: 'PERMISSION_DENIED' | 'INTERNAL' | 'UNKNOWN' | 'FAILED_PRECONDITION', times: number): void;
}

interface EncryptRequest {
  readonly name: string;
  readonly plaintext: Buffer;
  readonly additionalAuthenticatedData: Buffer;
  readonly plaintextCrc32c: Checksum;
  readonly additionalAuthenticatedDataCrc32c: Checksum;
}

interface DecryptRequest {
  readonly name: string;
  readonly ciphertext: Buffer;
  readonly additionalAuthenticatedData: Buffer;
  readonly ciphertextCrc32c: Checksum;
  readonly additionalAuthenticatedDataCrc32c: Checksum;
}

type Checksum = { readonly value: string } | null;

/** Of SOFTWARE keys: plaintext, and additional authenticated data, each (`service.proto`). */
const maximumBytes = 64 * 1024;
const [ivBytes, tagBytes, versionBytes] = [12, 16, 4];

/**
 * Cloud KMS' symmetric keys: `Encrypt`, `Decrypt` and `GetCryptoKey`, with versions, additional authenticated data, checksums and
 * sizes as `google/cloud/kms/v1/service.proto` has them. Keys exist as soon as they are named; nothing outlives the process. It knows no
 * permissions, and its ciphertexts are not Google's.
 */
export async function startKms(options: GrpcServerOptions = {}): Promise<KmsStandIn> {
  const keys = new Map<string, Buffer[]>();
  const calls: string[] = [];
  let refusals: { readonly code: Parameters<KmsStandIn['refuse']>[0]; left: number } | undefined;

  function versionsOf(name: string, call: string): Buffer[] {
    calls.push(`${call} ${name.split('/').at(-1)}`);
    if (refusals !== undefined && refusals.left-- > 0) throw new Refusal(refusals.code, 'Refused by a test');
    if (!/^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[\w-]{1,63}$/.test(name))
      throw new Refusal('INVALID_ARGUMENT', `The resource name is malformed: ${name}`);
    const versions = keys.get(name) ?? [randomBytes(32)];
    keys.set(name, versions);
    return versions;
  }

  function requireSound(bytes: Buffer, checksum: Checksum, what: string): void {
    if (bytes.length > maximumBytes) throw new Refusal('INVALID_ARGUMENT', `${what} is too long`);
    if (checksum !== null && Number(checksum.value) !== crc32c(bytes))
      throw new Refusal('INVALID_ARGUMENT', `The checksum of ${what} does not match`);
  }

  const server = await serveGrpc(
    {
      client: '@google-cloud/kms',
      proto: 'google/cloud/kms/v1/service.proto',
      service: 'google.cloud.kms.v1.KeyManagementService',
      methods: {
        GetCryptoKey({ name }: { readonly name: string }) {
          const versions = versionsOf(name, 'GetCryptoKey');
          return { name, purpose: 'ENCRYPT_DECRYPT', primary: { name: versionName(name, versions.length) } };
        },

        Encrypt(request: EncryptRequest) {
          const { name, plaintext, additionalAuthenticatedData: associated } = request;
          const versions = versionsOf(name, 'Encrypt');
          requireSound(plaintext, request.plaintextCrc32c, 'plaintext');
          requireSound(
            associated,
            request.additionalAuthenticatedDataCrc32c,
            'additional_authenticated_data',
          );
          const iv = randomBytes(ivBytes);
          const cipher = createCipheriv('aes-256-gcm', versions.at(-1) ?? '', iv, {
            authTagLength: tagBytes,
          });
          cipher.setAAD(associated);
          const version = Buffer.alloc(versionBytes);
          version.writeUInt32BE(versions.length);
          const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
          const ciphertext = Buffer.concat([version, iv, sealed, cipher.getAuthTag()]);
          return {
            name: versionName(name, versions.length),
            ciphertext,
            ciphertextCrc32c: { value: String(crc32c(ciphertext)) },
            verifiedPlaintextCrc32c: request.plaintextCrc32c !== null,
            verifiedAdditionalAuthenticatedDataCrc32c: request.additionalAuthenticatedDataCrc32c !== null,
            protectionLevel: 'SOFTWARE',
          };
        },

        Decrypt(request: DecryptRequest) {
          const { name, ciphertext, additionalAuthenticatedData: associated } = request;
          const versions = versionsOf(name, 'Decrypt');
          requireSound(ciphertext, request.ciphertextCrc32c, 'ciphertext');
          requireSound(
            associated,
            request.additionalAuthenticatedDataCrc32c,
            'additional_authenticated_data',
          );
          const plaintext = open(versions, ciphertext, associated);
          return {
            plaintext,
            plaintextCrc32c: { value: String(crc32c(plaintext)) },
            usedPrimary: ciphertext.readUInt32BE(0) === versions.length,
            protectionLevel: 'SOFTWARE',
          };
        },
      },
    },
    options,
  );

  return {
    ...server,
    calls,
    rotate: () => {
      for (const versions of keys.values()) versions.push(randomBytes(32));
    },
    refuse: (code, times) => {
      refusals = { code, left: times };
    },
  };
}

function versionName(key: string, version: number): string {
  return `${key}/cryptoKeyVersions/${version}`;
}

/** Google's answer is the same whatever is wrong with a ciphertext. */
function open(versions: readonly Buffer[], ciphertext: Buffer, associated: Buffer): Buffer {
  try {
    const key = versions[ciphertext.readUInt32BE(0) - 1];
    const iv = ciphertext.subarray(versionBytes, versionBytes + ivBytes);
    const decipher = createDecipheriv('aes-256-gcm', key ?? '', iv, { authTagLength: tagBytes });
    decipher.setAAD(associated).setAuthTag(ciphertext.subarray(-tagBytes));
    return Buffer.concat([
      decipher.update(ciphertext.subarray(versionBytes + ivBytes, -tagBytes)),
      decipher.final(),
    ]);
  } catch {
    throw new Refusal(
      'INVALID_ARGUMENT',
      "Decryption failed: verify that 'name' refers to the correct CryptoKey.",
    );
  }
}
