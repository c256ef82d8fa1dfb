import { Failure } from '../failure/failure.ts';
import type { CipherContext } from '../orm/column-cipher.ts';
import { decryptAesGcm, encryptAesGcm, ivLength, tagLength } from './aes-gcm.ts';
import { bindParts } from './bind-parts.ts';
import { refuseSecret } from './corrupt-secret.ts';

/**
 * Pure. How a sealed value is laid out:
 *
 *     byte 0      format version, 1
 *     byte 1      algorithm, 1 = AES-256-GCM
 *     bytes 2-5   version of the data key, big-endian
 *     bytes 6-17  IV
 *     then        ciphertext, as long as the plaintext, and its tag of 16 bytes
 *
 * The tag covers the header and the context (table, column and the row's bound columns, customer and integration among them), each part
 * led by its length: a value that was changed, cut, or moved to another place does not open.
 */
const formatVersion = 1;
const aes256Gcm = 1;
const headerLength = 6 + ivLength;

/** How much longer a sealed value is than what it holds. */
export const envelopeOverhead = headerLength + tagLength;

export interface SealInput {
  readonly key: Uint8Array;
  /** 1 to 2^32-1. */
  readonly keyVersion: number;
  readonly context: CipherContext;
  /** 12 random bytes, used once. */
  readonly iv: Uint8Array;
}

export function sealEnvelope({ key, keyVersion, context, iv }: SealInput, plain: Uint8Array): Uint8Array {
  const header = writeHeader(keyVersion, iv);
  return Buffer.concat([header, encryptAesGcm({ key, iv, associated: associate(header, context) }, plain)]);
}

/** `credentials_corrupt` with `data.reason`: `truncated`, `unknown_format` or `not_authentic`. */
export function openEnvelope(key: Uint8Array, sealed: Uint8Array, context: CipherContext): Uint8Array {
  readKeyVersion(sealed);
  const header = sealed.subarray(0, headerLength);
  const iv = header.subarray(headerLength - ivLength);
  return decryptAesGcm({ key, iv, associated: associate(header, context) }, sealed.subarray(headerLength));
}

/** Which data key opens it. Not yet proved: a changed header shows when the value is opened. */
export function readKeyVersion(sealed: Uint8Array): number {
  if (sealed.length < envelopeOverhead) throw refuseSecret('truncated');
  if (sealed[0] !== formatVersion || sealed[1] !== aes256Gcm) throw refuseSecret('unknown_format');
  return new DataView(sealed.buffer, sealed.byteOffset).getUint32(2);
}

function writeHeader(keyVersion: number, iv: Uint8Array): Uint8Array {
  if (iv.length !== ivLength)
    throw new Failure('internal', 'An IV has 12 bytes', { data: { length: iv.length } });
  if (!Number.isInteger(keyVersion) || keyVersion < 1 || keyVersion > 0xffff_ffff) {
    throw new Failure('internal', 'The version of a data key is out of range', { data: { keyVersion } });
  }
  const header = new Uint8Array(headerLength);
  header.set([formatVersion, aes256Gcm]);
  new DataView(header.buffer).setUint32(2, keyVersion);
  header.set(iv, headerLength - ivLength);
  return header;
}

function associate(header: Uint8Array, { table, column, row }: CipherContext): Uint8Array {
  const names = Object.keys(row).sort();
  const bound = names.flatMap((name) => [name, textOf(row[name], name)]);
  return bindParts(['flotilla column', header, table, column, ...bound]);
}

/** The type stands before the value: the text '1' and the number 1 are two places. */
function textOf(value: unknown, name: string): string | Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (value === null) return 'null';
  if (
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    typeof value === 'boolean'
  ) {
    return `${typeof value} ${value}`;
  }
  throw new Failure('internal', 'A sealed value cannot be bound to a column of this type', {
    data: { column: name },
  });
}
