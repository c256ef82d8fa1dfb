import { describe, expect, test } from 'vitest';
import { decryptAesGcm, encryptAesGcm } from './aes-gcm.ts';

// McGrew and Viega, "The Galois/Counter Mode of Operation (GCM)", submitted to NIST, appendix B: the test cases for AES-256 with
// an IV of 96 bits.
const key = 'feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308';
const iv = 'cafebabefacedbaddecaf888';
const plain =
  'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255';
const cipher =
  '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad';
const zeros = (count: number): string => '00'.repeat(count);

const vectors = [
  {
    name: '13',
    key: zeros(32),
    iv: zeros(12),
    associated: '',
    plain: '',
    cipher: '',
    tag: '530f8afbc74536b9a963b4f1c4cb738b',
  },
  {
    name: '14',
    key: zeros(32),
    iv: zeros(12),
    associated: '',
    plain: zeros(16),
    cipher: 'cea7403d4d606b6e074ec5d3baf39d18',
    tag: 'd0d1c8a799996bf0265b98b5d48ab919',
  },
  { name: '15', key, iv, associated: '', plain, cipher, tag: 'b094dac5d93471bdec1a502270e3cc6c' },
  {
    name: '16',
    key,
    iv,
    associated: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    plain: plain.slice(0, 120),
    cipher: cipher.slice(0, 120),
    tag: '76fc6ece0f4e1768cddf8853bb2d551b',
  },
];

describe('AES-256-GCM', () => {
  test.each(vectors)('agrees with test case $name of the GCM specification, both ways', (vector) => {
    const input = { key: bytes(vector.key), iv: bytes(vector.iv), associated: bytes(vector.associated) };

    const sealed = encryptAesGcm(input, bytes(vector.plain));

    expect(hex(sealed)).toBe(vector.cipher + vector.tag);
    expect(hex(decryptAesGcm(input, sealed))).toBe(vector.plain);
  });

  test('a tag that was cut is refused, though what is left of it is right', () => {
    const input = { key: bytes(zeros(32)), iv: bytes(zeros(12)), associated: bytes('') };
    const tag = encryptAesGcm(input, bytes(''));

    for (const length of [0, 4, 8, 12, 13, 14, 15]) {
      expect(() => decryptAesGcm(input, tag.subarray(0, length))).toThrow('cut short');
    }
  });

  test('every changed bit of the tag is refused', () => {
    const input = { key: bytes(key), iv: bytes(iv), associated: bytes('') };
    const sealed = encryptAesGcm(input, bytes(plain));

    for (let bit = 0; bit < 128; bit++) {
      const changed = Uint8Array.from(sealed);
      const position = sealed.length - 16 + (bit >> 3);
      changed[position] = (changed[position] ?? 0) ^ (1 << (bit & 7));
      expect(() => decryptAesGcm(input, changed)).toThrow('was changed');
    }
  });
});

function bytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

function hex(value: Uint8Array): string {
  return Buffer.from(value).toString('hex');
}
