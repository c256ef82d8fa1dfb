import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { KeyRing, WrappedKey } from './key-ring.ts';

export interface KeyRingUnderTest {
  readonly keyRing: KeyRing;
  /** Makes a new version the primary one. */
  rotate(): Promise<unknown>;
}

const associated = new TextEncoder().encode('customer, integration, version');

/** What every key ring keeps. `createAdapter` makes one that is empty and on its own. */
export function describeKeyRing(name: string, createAdapter: () => Promise<KeyRingUnderTest>): void {
  describe(`${name} keeps a key ring's contract`, () => {
    test('a wrapped key unwraps to itself, and its wrapping does not show it', async () => {
      const { keyRing } = await createAdapter();
      const key = randomBytes(32);

      const wrapped = await keyRing.wrap('oneroster', key, associated);

      expect(Buffer.from(wrapped.wrapped).includes(key)).toBe(false);
      expect(Buffer.from(await keyRing.unwrap('oneroster', wrapped, associated))).toEqual(key);
    });

    test('the same key wrapped twice gives two wrappings', async () => {
      const { keyRing } = await createAdapter();
      const key = randomBytes(32);

      const first = await keyRing.wrap('oneroster', key, associated);
      const second = await keyRing.wrap('oneroster', key, associated);

      expect(Buffer.from(first.wrapped)).not.toEqual(Buffer.from(second.wrapped));
    });

    test("one vendor's ring does not unwrap what another's wrapped", async () => {
      const { keyRing } = await createAdapter();
      const wrapped = await keyRing.wrap('oneroster', randomBytes(32), associated);

      await expect(keyRing.unwrap('clever', wrapped, associated)).rejects.toMatchObject({
        code: 'credentials_corrupt',
      });
    });

    test('other associated bytes are refused', async () => {
      const { keyRing } = await createAdapter();
      const wrapped = await keyRing.wrap('oneroster', randomBytes(32), associated);

      for (const other of [
        associated.subarray(1),
        new Uint8Array(),
        Buffer.concat([associated, associated]),
      ]) {
        await expect(keyRing.unwrap('oneroster', wrapped, other)).rejects.toMatchObject({
          code: 'credentials_corrupt',
        });
      }
    });

    test('a changed or shortened wrapping is refused', async () => {
      const { keyRing } = await createAdapter();
      const wrapped = await keyRing.wrap('oneroster', randomBytes(32), associated);

      for (const damaged of damage(wrapped)) {
        await expect(keyRing.unwrap('oneroster', damaged, associated)).rejects.toMatchObject({
          code: 'credentials_corrupt',
        });
      }
    });

    test('after a rotation new keys are wrapped by the new version, and old ones still unwrap', async () => {
      const { keyRing, rotate } = await createAdapter();
      const key = randomBytes(32);
      const before = await keyRing.wrap('oneroster', key, associated);
      expect(before.ringKeyId).toBe(await keyRing.primaryKeyId('oneroster'));

      await rotate();
      const after = await keyRing.wrap('oneroster', key, associated);

      expect(after.ringKeyId).not.toBe(before.ringKeyId);
      expect(after.ringKeyId).toBe(await keyRing.primaryKeyId('oneroster'));
      expect(Buffer.from(await keyRing.unwrap('oneroster', before, associated))).toEqual(key);
      expect(Buffer.from(await keyRing.unwrap('oneroster', after, associated))).toEqual(key);
    });
  });
}

function damage({ wrapped, ringKeyId }: WrappedKey): WrappedKey[] {
  const lengths = [0, 1, 12, 13, 28, 29, wrapped.length - 1];
  const flips = [0, 1, 13, wrapped.length - 17, wrapped.length - 1].map((position) => {
    const copy = Uint8Array.from(wrapped);
    copy[position] = (copy[position] ?? 0) ^ 1;
    return copy;
  });
  return [...lengths.map((length) => wrapped.subarray(0, length)), ...flips].map((bytes) => ({
    wrapped: bytes,
    ringKeyId,
  }));
}
