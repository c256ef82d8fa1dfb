import { randomBytes as systemRandomBytes } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import { Failure, isFailure } from '../failure/failure.ts';
import type { CipherContext, ColumnCipher } from '../orm/column-cipher.ts';
import type { Database } from '../orm/database.ts';
import { ivLength, keyLength } from './aes-gcm.ts';
import { refuseSecret } from './corrupt-secret.ts';
import {
  type DataKey,
  destroyDataKeys,
  insertDataKey,
  type KeyOwner,
  readDataKey,
  readNewestDataKey,
} from './data-keys.ts';
import { openEnvelope, readKeyVersion, sealEnvelope } from './envelope.ts';
import { type ClearKey, createKeyCache } from './key-cache.ts';
import type { KeyRing } from './key-ring.ts';
import { type RewrapOptions, type RewrapResult, rewrapDataKeys } from './rewrap-data-keys.ts';
import { associateOwner, unwrapDataKey } from './wrapped-data-key.ts';

/**
 * Seals and opens the encrypted columns of the store: `database.withCipher(vault)`. Each integration has data keys of its own, versions
 * 1, 2, 3, ..., stored wrapped; the newest one seals, every one that was not destroyed opens. An encrypted column must be bound to the
 * columns `customerId` and `integrationId` (and to the rest of its row's key, where a table has several rows of one integration).
 */
export interface Vault extends ColumnCipher {
  /**
   * Makes sure that there is a key to seal with. Needed before a transaction that may write the first secret of an integration, and before
   * each one of a writer that may not unwrap: a transaction's body cannot store a new key.
   */
  prepare(owner: KeyOwner): Promise<void>;
  /** Makes a new version of the data key, which seals from now on (in other processes after `sealingTtlMs` at most); returns it. */
  rotate(owner: KeyOwner): Promise<number>;
  /** Wraps the data keys of one ring, or what the time allows of them, anew under its primary version; see `rewrapDataKeys`. */
  rewrap(ringId: string, options?: Pick<RewrapOptions, 'isOver' | 'signal'>): Promise<RewrapResult>;
  /**
   * Destroys the data keys of a customer or of one integration: what they sealed is unreadable for ever, here at once and in other
   * processes after `openingTtlMs`. Returns how many. Backups of the database keep wrapped copies for as long as they are kept.
   */
  shred(customerId: string, integrationId?: string): Promise<number>;
  /** Zeroes the keys in memory: for the end of the process. */
  forget(): void;
}

export interface VaultOptions {
  /** Without a cipher: data keys are read and written through it. */
  readonly database: Database;
  readonly keyRing: KeyRing;
  readonly clock: Clock;
  /** Which ring wraps the data keys of an integration: its vendor. Asked when a key is made. */
  readonly ringOf: (owner: KeyOwner) => string | Promise<string>;
  /**
   * False for a writer that the key service lets encrypt but not decrypt (control): it seals under new versions of its own, and `open` is
   * refused with `forbidden`. True by default.
   */
  readonly mayUnwrap?: boolean;
  readonly limits?: Partial<VaultLimits>;
  readonly randomBytes?: (length: number) => Uint8Array;
}

export interface VaultLimits {
  readonly maxKeys: number;
  readonly maxUses: number;
  readonly openingTtlMs: number;
  readonly sealingTtlMs: number;
}

/** For how long a process may go on sealing under a key after another one has made a newer. */
export const sealingTtlMs = 30_000;

/** GCM with random IVs is sound for 2^32 messages a key; the cap on uses stays far below, for one loading of a key. */
const defaultVaultLimits: VaultLimits = {
  maxKeys: 500,
  maxUses: 1_000_000,
  openingTtlMs: 5 * 60_000,
  sealingTtlMs,
};

/** Two processes that make the first key at once need two rounds; more means that versions are made in a loop. */
const mostRounds = 20;

export function createVault(options: VaultOptions): Vault {
  const { database, keyRing, clock, ringOf, mayUnwrap = true, randomBytes = systemRandomBytes } = options;
  const limits = { ...defaultVaultLimits, ...options.limits };
  const openingKeys = createKeyCache(clock, { ...limits, ttlMs: limits.openingTtlMs });
  const sealingKeys = createKeyCache(clock, { ...limits, ttlMs: limits.sealingTtlMs });

  return {
    async seal(plain, context) {
      const owner = ownerOf(context);
      return withSealingKey(owner, ({ key, version }) =>
        sealEnvelope({ key, keyVersion: version, context, iv: randomBytes(ivLength) }, plain),
      );
    },

    async open(sealed, context) {
      if (!mayUnwrap) throw new Failure('forbidden', 'This process may store secrets but not read them');
      const owner = ownerOf(context);
      const place = { ...owner, table: context.table, column: context.column };
      try {
        const version = readKeyVersion(sealed);
        return await openingKeys.use(
          `${idOf(owner)}${version}`,
          () => loadKey(owner, version),
          ({ key }) => openEnvelope(key, sealed, context),
        );
      } catch (thrown) {
        // Where it stands, which the lower levels do not know.
        if (!isFailure(thrown, 'credentials_corrupt')) throw thrown;
        throw new Failure('credentials_corrupt', thrown.message, { data: { ...place, ...thrown.data } });
      }
    },

    prepare: (owner) => withSealingKey(owner, () => undefined),

    async rotate(owner) {
      const { key, version } = await makeKey(owner);
      key.fill(0);
      sealingKeys.evict(idOf(owner));
      return version;
    },

    rewrap: (ringId, rewrapping = {}) => rewrapDataKeys({ ...rewrapping, database, keyRing, ringId }),

    async shred(customerId, integrationId) {
      const destroyed = await destroyDataKeys(database, customerId, integrationId);
      const prefix =
        integrationId === undefined ? idOfCustomer(customerId) : idOf({ customerId, integrationId });
      openingKeys.evict(prefix);
      sealingKeys.evict(prefix);
      return destroyed;
    },

    forget() {
      openingKeys.evict();
      sealingKeys.evict();
    },
  };

  function withSealingKey<R>(owner: KeyOwner, use: (key: ClearKey) => R): Promise<R> {
    return sealingKeys.use(idOf(owner), () => (mayUnwrap ? loadNewestOrMake(owner) : makeKey(owner)), use);
  }

  async function loadNewestOrMake(owner: KeyOwner): Promise<ClearKey> {
    for (let round = 1; ; round++) {
      const newest = await readNewestDataKey(database, owner);
      if (newest !== undefined && newest.wrapped !== null) return unwrapDataKey(keyRing, newest);
      const made = await tryToMakeKey(owner, newest);
      if (made !== undefined) return made;
      if (round === mostRounds) throw tooManyRounds();
    }
  }

  async function makeKey(owner: KeyOwner): Promise<ClearKey> {
    for (let round = 1; ; round++) {
      const made = await tryToMakeKey(owner, await readNewestDataKey(database, owner));
      if (made !== undefined) return made;
      if (round === mostRounds) throw tooManyRounds();
    }
  }

  /** Undefined where another process was quicker with this version. */
  async function tryToMakeKey(owner: KeyOwner, newest: DataKey | undefined): Promise<ClearKey | undefined> {
    const version = (newest?.version ?? 0) + 1;
    const ringId = await ringOf(owner);
    const key = randomBytes(keyLength);
    const wrapped = await keyRing.wrap(ringId, key, associateOwner(owner, version));
    try {
      await insertDataKey(database, { ...owner, version, ringId, ...wrapped });
    } catch (thrown) {
      key.fill(0);
      if (isFailure(thrown, 'already_exists')) return undefined;
      if (!isFailure(thrown, 'internal')) throw thrown;
      throw new Failure(
        'internal',
        'A data key could not be stored: inside a transaction, call vault.prepare before it',
        {
          data: { ...owner },
          cause: thrown,
        },
      );
    }
    return { version, key };
  }

  async function loadKey(owner: KeyOwner, version: number): Promise<ClearKey> {
    const stored = await readDataKey(database, owner, version);
    if (stored === undefined) throw refuseSecret('unknown_key', { version });
    return unwrapDataKey(keyRing, stored);
  }
}

function ownerOf({ table, column, row: { customerId, integrationId } }: CipherContext): KeyOwner {
  if (typeof customerId === 'string' && typeof integrationId === 'string')
    return { customerId, integrationId };
  throw new Failure('internal', 'An encrypted column must be bound to customerId and integrationId', {
    data: { table, column },
  });
}

/** Quoted, so that no id is the beginning of another. */
function idOfCustomer(customerId: string): string {
  return `${JSON.stringify(customerId)},`;
}

function idOf({ customerId, integrationId }: KeyOwner): string {
  return `${idOfCustomer(customerId)}${JSON.stringify(integrationId)},`;
}

function tooManyRounds(): Failure {
  return new Failure('unavailable', 'Other processes make data keys without end');
}
