import { randomBytes } from 'node:crypto';
import { type KmsStandIn, startKms } from '@flotilla/stand-ins/kms';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import { describeKeyRing } from './key-ring.contract.ts';
import { createKmsKeyRing } from './key-ring.kms.ts';

const associated = new TextEncoder().encode('customer, integration, version');
const clock = createManualClock();
let kms: KmsStandIn;
let count = 0;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  kms = await startKms();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((keyRing) => keyRing.close()));
});
afterAll(() => kms.close());

function open() {
  const keyRing = createKmsKeyRing({
    projectId: 'springfield',
    location: 'europe-west1',
    keyRing: `flotilla-${++count}`,
    clock,
    port: kms.port,
  });
  opened.push(keyRing);
  return keyRing;
}

describeKeyRing('the key ring in Cloud KMS', async () => ({
  keyRing: open(),
  rotate: async () => kms.rotate(),
}));

describe('the key ring in Cloud KMS', () => {
  test('asks for the primary version once in five minutes', async () => {
    const keyRing = open();
    await keyRing.primaryKeyId('oneroster');
    const before = kms.calls.length;

    await Promise.all([keyRing.primaryKeyId('oneroster'), keyRing.primaryKeyId('oneroster')]);
    expect(kms.calls.length).toBe(before);

    await clock.advance(5 * 60_000);
    await keyRing.primaryKeyId('oneroster');
    expect(kms.calls.slice(before)).toEqual(['GetCryptoKey oneroster']);
  });

  test.each([
    ['PERMISSION_DENIED', 'forbidden'],
    ['FAILED_PRECONDITION', 'credentials_corrupt'],
  ] as const)('%s is %s, and is not asked for again', async (refusal, code) => {
    const keyRing = open();
    const wrapped = await keyRing.wrap('oneroster', randomBytes(32), associated);
    kms.refuse(refusal, 1);

    await expect(keyRing.unwrap('oneroster', wrapped, associated)).rejects.toMatchObject({ code });
    expect(kms.calls.at(-1)).toBe('Decrypt oneroster');
  });

  test.each(['INTERNAL', 'UNKNOWN'] as const)(
    '%s passes: whoever asks again is answered',
    async (refusal) => {
      const keyRing = open();
      const key = randomBytes(32);
      const wrapped = await keyRing.wrap('oneroster', key, associated);
      kms.refuse(refusal, 1);

      const asked = () => keyRing.unwrap('oneroster', wrapped, associated);
      await expect(asked()).rejects.toMatchObject({ code: 'unavailable' });
      expect(Buffer.from(await asked())).toEqual(key);
    },
  );

  test('a key that is too long for one call is refused before anything is stored', async () => {
    await expect(open().wrap('oneroster', randomBytes(65 * 1024), associated)).rejects.toMatchObject({
      code: 'credentials_corrupt',
    });
  });

  test('a wrapped key that names a version of another ring is not sent at all', async () => {
    const [keyRing, other] = [open(), open()];
    const wrapped = await keyRing.wrap('oneroster', randomBytes(32), associated);
    const before = kms.calls.length;

    await expect(other.unwrap('oneroster', wrapped, associated)).rejects.toMatchObject({
      code: 'credentials_corrupt',
      data: { reason: 'unknown_ring_key' },
    });
    expect(kms.calls.length).toBe(before);
  });
});
