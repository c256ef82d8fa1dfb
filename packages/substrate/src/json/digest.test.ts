import { describe, expect, test } from 'vitest';
import { digestJson, digestText } from './digest.ts';

describe('a digest', () => {
  // FIPS 180-4 examples for SHA-256, in base64url.
  test.each([
    ['', '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU'],
    ['abc', 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0'],
  ])('of the text %j is its SHA-256 in base64url', (text, digest) => {
    expect(digestText(text)).toBe(digest);
  });

  test('of bytes equals that of the text they encode in UTF-8', () => {
    expect(digestText(new TextEncoder().encode('Zoë 😀'))).toBe(digestText('Zoë 😀'));
  });

  test('of a JSON value names its recipe, because a change of the recipe changes every hash', () => {
    expect(digestJson({ b: [1, 2], a: null })).toBe(`j1:${digestText('{"a":null,"b":[1,2]}')}`);
  });

  test('of a JSON value does not depend on the order of members, but on everything else', () => {
    const digests = [{ a: 1, b: 2 }, { b: 2, a: 1 }, { a: 2, b: 1 }, { a: '1', b: 2 }, [1, 2], [2, 1]].map(
      digestJson,
    );

    expect(digests[0]).toBe(digests[1]);
    expect(new Set(digests).size).toBe(5);
  });

  test('of what JSON cannot say is refused, so that two different values never share one', () => {
    expect(() => digestJson({ a: undefined })).toThrow('Not a JSON value');
  });
});
