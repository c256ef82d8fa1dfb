import { hkdfSync, randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { decryptAesGcm, encryptAesGcm, ivLength, keyLength } from './aes-gcm.ts';
import { bindParts } from './bind-parts.ts';
import { refuseSecret } from './corrupt-secret.ts';
import { type KeyFile, openKeyFile } from './key-file.local.ts';
import type { KeyRing } from './key-ring.ts';

/** A wrapped key: format version 1, IV, ciphertext, tag. */
const formatVersion = 1;
const idPrefix = 'local/';

/**
 * The key ring of a machine without a key service: keys in a file that only its owner may read. The file is made at first use. Each
 * vendor's keys are derived from the file's (HKDF), so what one vendor's ring wrapped, another's does not unwrap. A change of the file
 * (`rotateKeyFile`) is seen at the next call. `config_invalid` where the file is malformed or others may read it.
 */
export function createLocalKeyRing({ path }: { readonly path: string }): KeyRing {
  const read = createFileReader(path);
  return {
    async wrap(ringId, plainKey, associated) {
      const file = await read();
      const ringKeyId = `${idPrefix}${file.primary}`;
      const iv = randomBytes(ivLength);
      const key = deriveKey(file, file.primary, ringId);
      const sealed = encryptAesGcm({ key, iv, associated: bind(ringId, ringKeyId, associated) }, plainKey);
      return { wrapped: Buffer.concat([Uint8Array.of(formatVersion), iv, sealed]), ringKeyId };
    },

    async unwrap(ringId, { wrapped, ringKeyId }, associated) {
      const key = deriveKey(await read(), versionOf(ringKeyId), ringId);
      if (wrapped.length < 1 + ivLength) throw refuseSecret('truncated');
      if (wrapped[0] !== formatVersion) throw refuseSecret('unknown_format');
      const iv = wrapped.subarray(1, 1 + ivLength);
      const bound = bind(ringId, ringKeyId, associated);
      return decryptAesGcm({ key, iv, associated: bound }, wrapped.subarray(1 + ivLength));
    },

    async primaryKeyId() {
      return `${idPrefix}${(await read()).primary}`;
    },
  };
}

/** Reads the file when it is new or was replaced. */
function createFileReader(path: string): () => Promise<KeyFile> {
  let known: { readonly stamp: string; readonly file: KeyFile } | undefined;
  return async () => {
    const stamp = await stampOf(path);
    if (known === undefined || stamp === undefined || stamp !== known.stamp) {
      const file = await openKeyFile(path);
      // The stamp from before the reading: if the file was replaced meanwhile, the next call reads it again.
      known = { stamp: stamp ?? '', file };
    }
    return known.file;
  };
}

async function stampOf(path: string): Promise<string | undefined> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(path);
    return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
  } catch {
    // Missing or unreachable: openKeyFile makes it, or says what is wrong.
    return undefined;
  }
}

function deriveKey({ keysByVersion }: KeyFile, version: number, ringId: string): Uint8Array {
  const master = keysByVersion.get(version);
  if (master === undefined) throw refuseSecret('unknown_ring_key', { ringKeyId: `${idPrefix}${version}` });
  return new Uint8Array(hkdfSync('sha256', master, 'flotilla key ring', `vendor ${ringId}`, keyLength));
}

function versionOf(ringKeyId: string): number {
  const [, version] = /^local\/([1-9]\d{0,9})$/.exec(ringKeyId) ?? [];
  if (version === undefined) throw refuseSecret('unknown_ring_key', { ringKeyId });
  return Number(version);
}

function bind(ringId: string, ringKeyId: string, associated: Uint8Array): Uint8Array {
  return bindParts(['flotilla wrapped key', ringId, ringKeyId, associated]);
}
