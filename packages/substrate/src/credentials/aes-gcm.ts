import { createCipheriv, createDecipheriv } from 'node:crypto';
import { refuseSecret } from './corrupt-secret.ts';

/** Pure. AES-256-GCM over bytes: a key of 32, an IV of 12 that is never used twice with one key, a tag of 16 at the end. */
export const keyLength = 32;
export const ivLength = 12;
export const tagLength = 16;

export interface AesGcmInput {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  /** Bound to the ciphertext, and not part of it. */
  readonly associated: Uint8Array;
}

/** The ciphertext, as long as the plaintext, and behind it the tag. */
export function encryptAesGcm({ key, iv, associated }: AesGcmInput, plain: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagLength });
  cipher.setAAD(associated);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** `credentials_corrupt`: `truncated` or `not_authentic`. Gives out no byte that was not proved genuine. */
export function decryptAesGcm({ key, iv, associated }: AesGcmInput, sealed: Uint8Array): Uint8Array {
  if (sealed.length < tagLength) throw refuseSecret('truncated');
  const border = sealed.length - tagLength;
  // Without authTagLength, Node takes a tag that was cut to as little as four bytes.
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagLength });
  decipher.setAAD(associated);
  decipher.setAuthTag(sealed.subarray(border));
  const plain = decipher.update(sealed.subarray(0, border));
  try {
    decipher.final();
  } catch {
    plain.fill(0);
    throw refuseSecret('not_authentic');
  }
  return plain;
}
