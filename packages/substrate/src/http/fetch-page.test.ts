import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isJsonObject } from '../json/json-value.ts';
import { answerJson, type Script, startScriptedServer } from './scripted-server.fixture.ts';
import { fetchAll, finish, offsetPaging, start, usersOf } from './vendor-client.fixture.ts';

describe('pages', () => {
  const everyone = Array.from({ length: 8 }, (_, id) => ({ id }));

  function serve(headersFor: (offset: number, limit: number) => Record<string, string>, cap = 100): Script {
    return (request, response) => {
      const query = new URLSearchParams(request.target.split('?')[1]);
      const offset = Number(query.get('offset'));
      const limit = Math.min(cap, Number(query.get('limit')));
      answerJson(
        response,
        { users: everyone.slice(offset, offset + limit) },
        { headers: headersFor(offset, Number(query.get('limit'))) },
      );
    };
  }
  const linkTo = (offset: number, limit: number) =>
    offset + limit < 8
      ? {
          link: `<http://10.0.0.7/ims?offset=${offset + limit}&limit=${limit}>; rel="next", <http://10.0.0.7/ims>; rel="first"`,
        }
      : { link: '<http://10.0.0.7/ims>; rel="first"' };

  test.each([
    ['a total', serve(() => ({ 'x-total-count': '8' })), 3, 'total-reached'],
    ['links of an internal host', serve(linkTo), 3, 'no-next-link'],
    ['neither', serve(() => ({})), 4, 'empty-page'],
    ['a silent cap and a total', serve(() => ({ 'x-total-count': '8' }), 2), 4, 'total-reached'],
    ['a silent cap and neither', serve(() => ({}), 2), 5, 'empty-page'],
    [
      'everything at once, whatever is asked',
      (_, response) => answerJson(response, { users: everyone.slice(0, 2) }),
      2,
      'repeated-page',
    ],
  ] satisfies [string, Script, number, string][])(
    'are all read from a vendor with %s',
    async (_, script, count, endMarker) => {
      const { client, clock, server } = await start(script);
      const { result: pages = [] } = await finish(clock, fetchAll(client, offsetPaging));
      const expected = endMarker === 'repeated-page' ? [0, 1, 0, 1] : everyone.map(({ id }) => id);
      expect(
        pages.flatMap((page) => page.records.map((record) => isJsonObject(record) && record.id)),
      ).toEqual(expected);
      expect(pages.at(-1)?.evidence.endMarker).toBe(endMarker);
      expect(server.requests).toHaveLength(count);
      expect(server.requests[0]?.target).toBe('/ims/v1p1/users?limit=3&offset=0');
    },
  );

  test('come with the bytes as they were and the parsed body', async () => {
    const { client } = await start((_, response) => {
      response.setHeader('content-encoding', 'gzip').end(gzipSync('{"users": [ ]}'));
    });
    const page = await client.fetchPage({
      path: '/users',
      paging: { kind: 'single' },
      cursor: null,
      recordsOf: usersOf,
    });
    expect(Buffer.from(page.body).toString()).toBe('{"users": [ ]}');
    expect(page).toMatchObject({
      json: { users: [] },
      cursor: null,
      evidence: { records: 0, endMarker: 'single-page' },
    });
  });

  test('linked on the origin are followed as the links stand, and resumed from a checkpoint', async () => {
    const { client, server } = await start((request, response) => {
      const next = request.target.includes('bookmark')
        ? {}
        : { link: `<${server.url}/elsewhere?page=bookmark:x%2Fy>; rel="next"` };
      answerJson(response, { users: [{ id: request.target }] }, { headers: next });
    });
    const pages = await fetchAll(client, { kind: 'link' });
    expect(pages.flatMap((page) => page.records)).toEqual([
      { id: '/ims/v1p1/users' },
      { id: '/elsewhere?page=bookmark:x%2Fy' },
    ]);
  });

  test('linked off the origin are not followed, nor those of a cursor that was tampered with', async () => {
    const other = await startScriptedServer((_, response) => answerJson(response, { users: [] }));
    onTestFinished(() => other[Symbol.asyncDispose]());
    const { client } = await start(
      (_, response) =>
        answerJson(response, { users: [] }, { headers: { link: `<${other.url}/x>; rel="next"` } }),
      {
        auth: { kind: 'bearer', token: 'canary' },
      },
    );
    const asked = { path: '/users', paging: { kind: 'link' }, recordsOf: usersOf } as const;
    const refusal = {
      code: 'vendor_answer_invalid',
      data: { problem: 'link_off_origin', linkOrigin: other.url },
    };
    await expect(client.fetchPage({ ...asked, cursor: null })).rejects.toMatchObject(refusal);
    await expect(
      client.fetchPage({ ...asked, cursor: { kind: 'link', target: `//${other.host}/x` } }),
    ).rejects.toMatchObject(refusal);
    expect(other.requests).toHaveLength(0);
  });

  test('of a list that is not there are the wrong address, not a missing record', async () => {
    const { client } = await start((_, response) => answerJson(response, {}, { status: 404 }));
    const asked = { path: '/users', paging: offsetPaging, cursor: null, recordsOf: usersOf };
    await expect(client.fetchPage(asked)).rejects.toMatchObject({
      code: 'vendor_answer_invalid',
      data: { status: 404 },
    });
  });

  test("whose envelope is another than promised fail as the vendor's description says", async () => {
    const { client } = await start((_, response) => answerJson(response, { students: [] }));
    const asked = { path: '/users', paging: offsetPaging, cursor: null, recordsOf: usersOf };
    await expect(client.fetchPage(asked)).rejects.toMatchObject({
      data: { problem: 'envelope', path: '/ims/v1p1/users', status: 200 },
    });
  });
});
