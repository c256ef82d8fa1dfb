import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CipherContext } from '../orm/column-cipher.ts';
import { decryptAesGcm } from './aes-gcm.ts';
import { bindParts } from './bind-parts.ts';
import { envelopeOverhead, openEnvelope, readKeyVersion, sealEnvelope } from './envelope.ts';

const context: CipherContext = {
  table: 'credentials',
  column: 'credential',
  row: { customerId: 'oakdale', integrationId: 'sis' },
};
const key = randomBytes(32);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const seal = (plain: Uint8Array, place = context): Uint8Array =>
  sealEnvelope({ key, keyVersion: 7, context: place, iv: randomBytes(12) }, plain);

describe('a sealed value', () => {
  test('opens to what was sealed, whatever its length, and is 34 bytes longer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (plain) => {
        const sealed = seal(plain);

        expect(sealed.length).toBe(plain.length + envelopeOverhead);
        expect(Uint8Array.from(openEnvelope(key, sealed, context))).toEqual(plain);
      }),
    );
    expect(envelopeOverhead).toBe(34);
  });

  test('has the layout that its documentation gives', () => {
    const iv = Uint8Array.from({ length: 12 }, (_, position) => 0xa0 + position);
    const sealed = sealEnvelope({ key, keyVersion: 0x01020304, context, iv }, bytesOf('secret'));
    const header = Buffer.from('010101020304a0a1a2a3a4a5a6a7a8a9aaab', 'hex');

    expect(Buffer.from(sealed.subarray(0, 18))).toEqual(header);
    const place = [
      'flotilla column',
      header,
      'credentials',
      'credential',
      'customerId',
      'string oakdale',
      'integrationId',
      'string sis',
    ];
    expect(
      Buffer.from(decryptAesGcm({ key, iv, associated: bindParts(place) }, sealed.subarray(18))).toString(),
    ).toBe('secret');
  });

  test('names the version of its data key', () => {
    for (const keyVersion of [1, 255, 256, 0xffff_ffff]) {
      const sealed = sealEnvelope({ key, keyVersion, context, iv: randomBytes(12) }, bytesOf('x'));

      expect(readKeyVersion(sealed)).toBe(keyVersion);
      // As a view into a larger buffer too: readers of databases hand such out.
      expect(readKeyVersion(Buffer.concat([bytesOf('before'), sealed]).subarray(6))).toBe(keyVersion);
    }
  });

  test('opens from a view into a larger buffer', () => {
    const sealed = seal(bytesOf('secret'));
    const larger = Buffer.concat([randomBytes(5), sealed, randomBytes(5)]);

    expect(Buffer.from(openEnvelope(key, larger.subarray(5, 5 + sealed.length), context)).toString()).toBe(
      'secret',
    );
  });
});

describe('refused, with a code and a reason, is', () => {
  test('every change of a single bit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (plain) => {
        const sealed = seal(plain);
        for (let bit = 0; bit < sealed.length * 8; bit++) {
          const changed = Uint8Array.from(sealed);
          changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          expectRefusal(
            () => openEnvelope(key, changed, context),
            bit < 16 ? 'unknown_format' : 'not_authentic',
          );
        }
      }),
      { numRuns: 20 },
    );
  });

  test('every truncation, at either end, and every extension', () => {
    const sealed = seal(bytesOf('a secret of some length'));
    for (let length = 0; length < sealed.length; length++) {
      const reason = length < envelopeOverhead ? 'truncated' : 'not_authentic';
      expectRefusal(() => openEnvelope(key, sealed.subarray(0, length), context), reason);
      expectRefusal(() => openEnvelope(key, sealed.subarray(sealed.length - length), context));
    }
    expectRefusal(() => openEnvelope(key, Buffer.concat([sealed, bytesOf('\0')]), context), 'not_authentic');
  });

  test('every other place: another table, column, customer, integration or bound value', () => {
    const text = fc.string({ unit: 'binary', maxLength: 8 });
    const place = fc.record({
      table: text,
      column: text,
      row: fc.record({ customerId: text, integrationId: text }, { requiredKeys: ['customerId'] }),
    });
    fc.assert(
      fc.property(place, place, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        const sealed = seal(bytesOf('secret'), one);

        expect(Buffer.from(openEnvelope(key, sealed, one)).toString()).toBe('secret');
        expectRefusal(() => openEnvelope(key, sealed, other), 'not_authentic');
      }),
    );
  });

  test('a place whose parts read the same when they are put together', () => {
    const rowOf = (row: CipherContext['row']): CipherContext => ({ ...context, row });
    const sealed = seal(bytesOf('secret'), rowOf({ customerId: 'ab', integrationId: 'c' }));

    for (const other of [
      rowOf({ customerId: 'a', integrationId: 'bc' }),
      rowOf({ customerId: 'c', integrationId: 'ab' }),
      rowOf({ customerId: 'ab' }),
      rowOf({ customerId: 'ab', integrationId: 'c', slot: '' }),
      { ...rowOf({ customerId: 'ab', integrationId: 'c' }), table: 'credentialscredential', column: '' },
    ]) {
      expectRefusal(() => openEnvelope(key, sealed, other), 'not_authentic');
    }
  });

  test('a bound value of another type that reads the same', () => {
    const values = ['1', 1, 1n, true, 'true', null, 'null', 'number 1', bytesOf('string 1')];
    for (const [position, value] of values.entries()) {
      const sealed = seal(bytesOf('secret'), { ...context, row: { ...context.row, value } });
      for (const other of values.toSpliced(position, 1)) {
        expectRefusal(
          () => openEnvelope(key, sealed, { ...context, row: { ...context.row, value: other } }),
          'not_authentic',
        );
      }
    }
  });

  test('another key', () => {
    expectRefusal(() => openEnvelope(randomBytes(32), seal(bytesOf('secret')), context), 'not_authentic');
  });
});

test('the order in which the bound columns are named does not matter', () => {
  const sealed = seal(bytesOf('secret'), {
    ...context,
    row: { integrationId: 'sis', customerId: 'oakdale' },
  });

  expect(Buffer.from(openEnvelope(key, sealed, context)).toString()).toBe('secret');
});

test('an IV of another length, a version out of range and an unboundable value are faults of ours', () => {
  const input = { key, keyVersion: 1, context, iv: randomBytes(12) };
  const plain = bytesOf('x');

  expect(() => sealEnvelope({ ...input, iv: randomBytes(16) }, plain)).toThrow('An IV has 12 bytes');
  for (const keyVersion of [0, -1, 1.5, 2 ** 32]) {
    expect(() => sealEnvelope({ ...input, keyVersion }, plain)).toThrow('out of range');
  }
  for (const value of [undefined, {}, ['a']]) {
    expect(() => sealEnvelope({ ...input, context: { ...context, row: { value } } }, plain)).toThrow(
      'cannot be bound',
    );
  }
});

function expectRefusal(open: () => unknown, reason?: string): void {
  try {
    open();
  } catch (thrown) {
    expect(thrown).toMatchObject({
      code: 'credentials_corrupt',
      ...(reason === undefined ? {} : { data: { reason } }),
    });
    return;
  }
  expect.fail('it opened');
}
