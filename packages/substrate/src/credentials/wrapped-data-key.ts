import { bindParts } from './bind-parts.ts';
import { refuseSecret } from './corrupt-secret.ts';
import type { DataKey, KeyOwner } from './data-keys.ts';
import type { ClearKey } from './key-cache.ts';
import type { KeyRing } from './key-ring.ts';

/** Binds a wrapped key to its row: copied to another integration or version, it does not unwrap. */
export function associateOwner({ customerId, integrationId }: KeyOwner, version: number): Uint8Array {
  return bindParts(['flotilla data key', customerId, integrationId, String(version)]);
}

/** `credentials_corrupt`, among others `key_destroyed`. */
export async function unwrapDataKey(keyRing: KeyRing, stored: DataKey): Promise<ClearKey> {
  const { version, ringId, ringKeyId, wrapped } = stored;
  if (wrapped === null) throw refuseSecret('key_destroyed', { version });
  const key = await keyRing.unwrap(ringId, { wrapped, ringKeyId }, associateOwner(stored, version));
  return { version, key };
}
