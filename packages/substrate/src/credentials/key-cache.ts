import type { Clock } from '../clock/clock.ts';

/** A data key in the clear. */
export interface ClearKey {
  readonly version: number;
  readonly key: Uint8Array;
}

/** Keys in the clear, for a short while: each unwrapping is a call of the key service. */
export interface KeyCache {
  /**
   * Calls `use` with the key `id`, loading it first where it is not here; loads of one id that overlap are one. `use` must be
   * synchronous and keep no reference: the key's bytes are zeroed when it is evicted.
   */
  use<R>(id: string, load: () => Promise<ClearKey>, use: (key: ClearKey) => R): Promise<R>;
  /** Zeroes and forgets the keys whose id begins so; all by default. A load that is under way is not kept. */
  evict(idPrefix?: string): void;
  readonly size: number;
}

export interface KeyCacheLimits {
  readonly maxKeys: number;
  /** How long after its loading a key is used. */
  readonly ttlMs: number;
  readonly maxUses: number;
}

interface Entry {
  readonly clear: ClearKey;
  readonly expiresAt: number;
  usesLeft: number;
}

export function createKeyCache(clock: Clock, limits: KeyCacheLimits): KeyCache {
  // In the order of their last use: the first is the next to go.
  const entries = new Map<string, Entry>();
  const loads = new Map<string, Promise<Entry>>();

  return {
    async use(id, load, use) {
      for (;;) {
        dropExpired();
        const entry = entries.get(id) ?? (await loadOnce(id, load));
        // None is left where it was evicted between its loading and this turn: its bytes are zeroes.
        if (entry.usesLeft > 0) return useEntry(id, entry, use);
      }
    },
    evict(idPrefix = '') {
      for (const id of entries.keys()) if (id.startsWith(idPrefix)) drop(id);
      for (const id of loads.keys()) if (id.startsWith(idPrefix)) loads.delete(id);
    },
    get size() {
      dropExpired();
      return entries.size;
    },
  };

  function useEntry<R>(id: string, entry: Entry, use: (key: ClearKey) => R): R {
    entry.usesLeft--;
    try {
      return use(entry.clear);
    } finally {
      if (entries.get(id) === entry) {
        entries.delete(id);
        entries.set(id, entry);
        if (entry.usesLeft === 0) drop(id);
      }
    }
  }

  function loadOnce(id: string, load: () => Promise<ClearKey>): Promise<Entry> {
    const underWay = loads.get(id);
    if (underWay !== undefined) return underWay;
    const loading: Promise<Entry> = load()
      .then((clear) => {
        const entry = { clear, expiresAt: clock.now() + limits.ttlMs, usesLeft: limits.maxUses };
        // Only what nobody evicted meanwhile is kept; those who wait for it still use it.
        if (loads.get(id) === loading) keep(id, entry);
        return entry;
      })
      .finally(() => {
        if (loads.get(id) === loading) loads.delete(id);
      });
    loads.set(id, loading);
    return loading;
  }

  function keep(id: string, entry: Entry): void {
    entries.set(id, entry);
    const oldest = entries.keys().next().value;
    if (entries.size > limits.maxKeys && oldest !== undefined) drop(oldest);
  }

  function dropExpired(): void {
    const now = clock.now();
    for (const [id, { expiresAt }] of entries) if (expiresAt <= now) drop(id);
  }

  /** Best effort: JavaScript may have copied the bytes. */
  function drop(id: string): void {
    const entry = entries.get(id);
    if (entry === undefined) return;
    entries.delete(id);
    entry.usesLeft = 0;
    entry.clear.key.fill(0);
  }
}
