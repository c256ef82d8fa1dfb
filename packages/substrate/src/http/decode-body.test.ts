import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { decodeBody } from './decode-body.ts';

const text = new TextEncoder().encode('{"users":[]}'.repeat(100));

test.each([
  ['gzip', gzipSync(text)],
  ['x-gzip', gzipSync(text)],
  ['GZIP', gzipSync(text)],
  ['br', brotliCompressSync(text)],
  ['deflate', deflateSync(text)],
  ['deflate', deflateRawSync(text)],
  ['gzip, gzip', gzipSync(gzipSync(text))],
  ['deflate, br', brotliCompressSync(deflateSync(text))],
  ['identity', text],
  [undefined, text],
])('undoes %s', async (encoding, body) => {
  expect(new Uint8Array(await decodeBody(body, encoding, 10_000))).toEqual(text);
});

test('leaves an empty body alone, whatever its encoding', async () => {
  expect((await decodeBody(new Uint8Array(), 'gzip', 10)).byteLength).toBe(0);
});

const bomb = new Uint8Array(8 * 1024 * 1024);

test.each([
  ['gzip', gzipSync(bomb)],
  ['br', brotliCompressSync(bomb)],
  ['deflate', deflateSync(bomb)],
  ['gzip, gzip', gzipSync(gzipSync(bomb))],
])('stops a bomb in %s at the limit', async (encoding, body) => {
  expect(body.byteLength).toBeLessThan(100_000);
  await expect(decodeBody(body, encoding, 1024 * 1024)).rejects.toMatchObject({
    code: 'too_large',
    data: { problem: 'expands_too_far' },
  });
});

test.each([
  ['gzip', gzipSync(text)],
  ['br', brotliCompressSync(text)],
  ['deflate', deflateSync(text)],
])('knows a %s body that was cut off', async (encoding, body) => {
  await expect(decodeBody(body.subarray(0, -9), encoding, 10_000)).rejects.toMatchObject({
    code: 'gateway_unavailable',
    data: { problem: 'body_cut_off' },
  });
});

test.each([
  ['gzip', text],
  ['zstd', text],
  ['gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(text)))],
])('refuses %s that it is not or was not offered', async (encoding, body) => {
  await expect(decodeBody(body, encoding, 10_000)).rejects.toMatchObject({
    code: 'vendor_answer_invalid',
    data: { problem: 'body_encoding' },
  });
});
