import { describe, expect, test } from 'vitest';
import { answerJson } from './scripted-server.fixture.ts';
import { type ReadFailure, toVendorAnswer } from './vendor-answer.ts';
import { start } from './vendor-client.fixture.ts';

describe("a vendor's pure function", () => {
  test('sees what was asked for, the headers, and the body as JSON and as text', async () => {
    const seen: unknown[] = [];
    const failures: ReadFailure = ({ purpose, status, headers, json, text }) => {
      seen.push([purpose, status, headers['x-why'], json, text]);
      return undefined;
    };
    const { client } = await start(
      (_, response) => answerJson(response, { a: 1 }, { status: 418, headers: { 'X-Why': 'tea' } }),
      { failures },
    );
    await expect(client.request({ path: '/x' })).rejects.toThrow();
    await expect(client.request({ method: 'PUT', path: '/x', body: { json: {} } })).rejects.toMatchObject({
      code: 'push_rejected',
    });
    await expect(
      client.fetchPage({ path: '/x', paging: { kind: 'single' }, cursor: null, recordsOf: () => [] }),
    ).rejects.toThrow();
    expect(seen).toEqual(
      ['read', 'write', 'list'].map((purpose) => [purpose, 418, 'tea', { a: 1 }, '{"a":1}']),
    );
  });

  test('sees no JSON where there is none, and only the beginning of a long text', () => {
    const body = Buffer.from(`403 Forbidden ${'x'.repeat(100_000)}`);
    const answer = toVendorAnswer({ status: 403, headers: {}, body }, 'read');
    expect(answer.json).toBeUndefined();
    expect(answer.text).toHaveLength(16_384);
    expect(answer.text).toMatch(/^403 Forbidden x/);
  });

  test('that says not_found under another status answers who tolerates a 404, and fails others', async () => {
    const failures: ReadFailure = ({ text }) => (text.includes('NOT_FOUND') ? 'not_found' : undefined);
    const { client, server } = await start(
      (_, response) => answerJson(response, { $errors: [{ code: 'NOT_FOUND' }] }, { status: 400 }),
      { failures },
    );
    expect((await client.request({ path: '/x', tolerate: [404, 410] })).status).toBe(404);
    expect((await client.request({ method: 'DELETE', path: '/x', tolerate: [404] })).status).toBe(404);
    await expect(client.request({ path: '/x' })).rejects.toMatchObject({
      code: 'not_found',
      data: { status: 400 },
    });
    expect(server.requests).toHaveLength(3);
  });
});
