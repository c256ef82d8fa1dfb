import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { toWellFormedJson } from './well-formed.ts';

test('halves of characters become U+FFFD, in texts and in names, at any depth', () => {
  expect(toWellFormedJson({ 'a\ud83d': ['x\udc00y', { b: '\ud83d\udc69 \ud83d' }], c: 1, d: null })).toEqual({
    'a\ufffd': ['x\ufffdy', { b: '\ud83d\udc69 \ufffd' }],
    c: 1,
    d: null,
  });
});

test('whatever JSON says can be kept afterwards, and what could be kept stays as it is', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      const json = JSON.parse(JSON.stringify(value));
      expect(() => canonicalJson(toWellFormedJson(json))).not.toThrow();
    }),
  );
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
      const json = JSON.parse(JSON.stringify(value));
      expect(toWellFormedJson(json)).toEqual(json);
    }),
  );
});
