import { describe, expect, test } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import { type ClearKey, createKeyCache, type KeyCacheLimits } from './key-cache.ts';

const limits: KeyCacheLimits = { maxKeys: 3, ttlMs: 1_000, maxUses: 100 };

function createCache(changes: Partial<KeyCacheLimits> = {}) {
  const clock = createManualClock();
  const cache = createKeyCache(clock, { ...limits, ...changes });
  const loaded: ClearKey[] = [];
  async function load(): Promise<ClearKey> {
    const clear = { version: loaded.length + 1, key: new Uint8Array(32).fill(loaded.length + 1) };
    loaded.push(clear);
    return clear;
  }
  /** Which load's key is used, and that it is not zeroed while it is. */
  async function use(id: string): Promise<number> {
    return cache.use(id, load, ({ version, key }) => {
      expect(key[0]).toBe(version);
      return version;
    });
  }
  return {
    cache,
    clock,
    load,
    loaded,
    use,
    isZeroed: (version: number) => loaded[version - 1]?.key.every((byte) => byte === 0),
  };
}

describe('the key cache', () => {
  test('loads a key once and uses it again', async () => {
    const { use, loaded } = createCache();

    expect([await use('a'), await use('a'), await use('b'), await use('a')]).toEqual([1, 1, 2, 1]);
    expect(loaded.length).toBe(2);
  });

  test('loads once for all who ask at the same time', async () => {
    const { use, loaded } = createCache();

    expect(await Promise.all(Array.from({ length: 50 }, () => use('a')))).toEqual(Array(50).fill(1));
    expect(loaded.length).toBe(1);
  });

  test('zeroes a key whose time is over, and loads it anew', async () => {
    const { use, clock, isZeroed, cache } = createCache();
    await use('a');

    await clock.advance(999);
    expect(await use('a')).toBe(1);
    await clock.advance(1);

    expect(cache.size).toBe(0);
    expect(isZeroed(1)).toBe(true);
    expect(await use('a')).toBe(2);
  });

  test('zeroes the key that was not used for longest when there are too many', async () => {
    const { use, isZeroed } = createCache();
    for (const id of ['a', 'b', 'c', 'a', 'd']) await use(id);

    expect([1, 2, 3, 4].map(isZeroed)).toEqual([false, true, false, false]);
    expect(await use('b')).toBe(5);
  });

  test('zeroes a key that was used as often as it may be', async () => {
    const { use, isZeroed } = createCache({ maxUses: 2 });

    expect([await use('a'), await use('a')]).toEqual([1, 1]);
    expect(isZeroed(1)).toBe(true);
    expect([await use('a'), await use('a'), await use('a')]).toEqual([2, 2, 3]);
  });

  test('counts uses of those who waited for one load too', async () => {
    const { use, loaded } = createCache({ maxUses: 2 });

    const versions = await Promise.all(Array.from({ length: 5 }, () => use('a')));

    expect(versions).toEqual([1, 1, 2, 2, 3]);
    expect(loaded.length).toBe(3);
  });

  test('evicts by the beginning of the id', async () => {
    const { use, cache, isZeroed } = createCache();
    for (const id of ['oak,1', 'oak,2', 'elm,1']) await use(id);

    cache.evict('oak,');

    expect([1, 2, 3].map(isZeroed)).toEqual([true, true, false]);
    expect(cache.size).toBe(1);
  });

  test('does not keep what was evicted while it was loading', async () => {
    const { cache, use } = createCache();
    const gate = Promise.withResolvers<ClearKey>();
    const early = cache.use(
      'a',
      () => gate.promise,
      ({ version }) => version,
    );

    cache.evict('a');
    gate.resolve({ version: 99, key: new Uint8Array(32) });

    expect(await early).toBe(99);
    expect(await use('a')).toBe(1);
  });

  test('keeps nothing of a load that failed', async () => {
    const { cache, use } = createCache();
    const failing = cache.use(
      'a',
      () => Promise.reject(new Error('no key service')),
      () => 0,
    );

    await expect(failing).rejects.toThrow('no key service');
    expect(cache.size).toBe(0);
    expect(await use('a')).toBe(1);
  });

  test('passes on what the use throws, and keeps the key', async () => {
    const { cache, load, use } = createCache();
    const failing = cache.use('a', load, () => {
      throw new Error('refused');
    });

    await expect(failing).rejects.toThrow('refused');
    expect(await use('a')).toBe(1);
  });
});
