import { toFailure } from '../failure/failure.ts';
import type { Database } from '../orm/database.ts';
import { type DataKey, dataKeys } from './data-keys.ts';
import type { KeyRing } from './key-ring.ts';
import { associateOwner, unwrapDataKey } from './wrapped-data-key.ts';

export interface RewrapOptions {
  /** Without a cipher. */
  readonly database: Database;
  readonly keyRing: KeyRing;
  /** Only the data keys of this ring; default: of all. */
  readonly ringId?: string;
  /** Asked before each key that is due; true: it is left. */
  readonly isOver?: () => boolean;
  readonly signal?: AbortSignal;
}

export interface RewrapResult {
  readonly rewrapped: number;
  /** Already under the primary version. */
  readonly current: number;
  /** Due, and not tried since it was over. */
  readonly left: number;
  /** Left as they are, for what stands in `reason`. */
  readonly failed: readonly RewrapFault[];
}

export interface RewrapFault {
  readonly customerId: string;
  readonly integrationId: string;
  readonly version: number;
  readonly reason: string;
}

const pageSize = 100;

/**
 * Wraps every data key anew under the primary version of its ring, after that version has changed. The data keys themselves, and so all
 * that they sealed, stay as they are; readers and writers go on meanwhile. May be repeated: it changes what is still due.
 */
export async function rewrapDataKeys(options: RewrapOptions): Promise<RewrapResult> {
  const { database, keyRing, ringId, isOver = () => false, signal } = options;
  const primaryIds = new Map<string, string>();
  const failed: RewrapFault[] = [];
  let rewrapped = 0;
  let current = 0;
  let left = 0;
  for (let after: DataKey | undefined; ; ) {
    const page = await database.scan(dataKeys, {
      limit: pageSize,
      ...(after === undefined ? {} : { after }),
    });
    for (const stored of page) {
      signal?.throwIfAborted();
      if (stored.wrapped === null || (ringId !== undefined && stored.ringId !== ringId)) continue;
      const primary = primaryIds.get(stored.ringId) ?? (await keyRing.primaryKeyId(stored.ringId));
      primaryIds.set(stored.ringId, primary);
      if (stored.ringKeyId === primary) {
        current++;
        continue;
      }
      if (isOver()) {
        left++;
        continue;
      }
      const fault = await rewrapDataKey(database, keyRing, stored);
      if (fault === undefined) rewrapped++;
      else failed.push(fault);
    }
    after = page.at(-1);
    if (after === undefined || page.length < pageSize) return { rewrapped, current, left, failed };
  }
}

async function rewrapDataKey(
  database: Database,
  keyRing: KeyRing,
  stored: DataKey,
): Promise<RewrapFault | undefined> {
  const { customerId, integrationId, version, ringId } = stored;
  try {
    const { key } = await unwrapDataKey(keyRing, stored);
    const again = await keyRing.wrap(ringId, key, associateOwner(stored, version));
    key.fill(0);
    await database.transaction(async (transaction) => {
      const now = await transaction.get(dataKeys, { customerId, integrationId, version });
      // Destroyed meanwhile: it must not come back. Or another process was quicker.
      if (now === undefined || now.wrapped === null || now.ringKeyId !== stored.ringKeyId) return;
      transaction.update(dataKeys, { customerId, integrationId, version, ...again });
    });
    return undefined;
  } catch (thrown) {
    const { code, data } = toFailure(thrown);
    return {
      customerId,
      integrationId,
      version,
      reason: typeof data['reason'] === 'string' ? data['reason'] : code,
    };
  }
}
