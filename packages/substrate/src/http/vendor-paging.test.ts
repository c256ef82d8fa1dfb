import { describe, expect, onTestFinished, test } from 'vitest';
import { isJsonObject, type JsonValue } from '../json/json-value.ts';
import type { BodyLinkPaging, PageCursor, Paging, TokenPaging } from './paging.ts';
import { answerJson, type Script, startScriptedServer } from './scripted-server.fixture.ts';
import { fetchAll, offsetPaging, start, usersOf } from './vendor-client.fixture.ts';

const everyone = [1, 2, 3, 4, 5].map((id) => ({ id }));

const bodyLink: BodyLinkPaging = {
  kind: 'bodyLink',
  nextIn: (json) => memberOf(json, 'next') as string | undefined,
  sizeParameter: 'limit',
  pageSize: 2,
  totalIn: (json) => memberOf(json, 'total') as number | undefined,
};
const token: TokenPaging = {
  kind: 'token',
  tokenParameter: 'pageToken',
  tokenIn: (json) => memberOf(json, 'nextPageToken') as string | undefined,
  sizeParameter: 'pageSize',
  pageSize: 2,
};

function memberOf(json: JsonValue, name: string): JsonValue | undefined {
  return isJsonObject(json) ? json[name] : undefined;
}

/** Pages of two; the place in the list goes by the parameter `at`. */
function serve(at: string, next: (offset: number) => Record<string, unknown>): Script {
  return ({ target }, response) => {
    const offset = Number(new URLSearchParams(target.split('?')[1]).get(at) ?? 0);
    const users = everyone.slice(offset, offset + 2);
    answerJson(response, { users, total: 5, ...(offset + 2 < 5 ? next(offset + 2) : {}) });
  };
}

const cases: [string, Paging, Script, readonly string[], string][] = [
  [
    'a relative link in the body',
    bodyLink,
    serve('after', (offset) => ({ next: `/v3/users?limit=2&after=${offset}` })),
    ['/ims/v1p1/users?role=a&limit=2', '/v3/users?limit=2&after=2', '/v3/users?limit=2&after=4'],
    'no-next-link',
  ],
  [
    'a token in the body, all other parameters staying as they are',
    token,
    serve('pageToken', (offset) => ({ nextPageToken: String(offset) })),
    [
      '/ims/v1p1/users?role=a&pageSize=2',
      '/ims/v1p1/users?role=a&pageSize=2&pageToken=2',
      '/ims/v1p1/users?role=a&pageSize=2&pageToken=4',
    ],
    'no-next-token',
  ],
];

describe.each(cases)('pages by %s', (_, paging, script, targets, endMarker) => {
  test('are all read, a request each, by cursors that are plain JSON', async () => {
    const { client, server } = await start(script);
    let cursor: PageCursor | null = null;
    const found: JsonValue[] = [];
    const ends: unknown[] = [];
    do {
      const page = await client.fetchPage({
        path: '/users',
        query: { role: 'a' },
        paging,
        cursor,
        recordsOf: usersOf,
      });
      found.push(...page.records);
      ends.push(page.evidence.endMarker);
      cursor = JSON.parse(JSON.stringify(page.cursor)) as PageCursor | null;
    } while (cursor !== null);
    expect(found).toEqual(everyone);
    expect(server.requests.map(({ target }) => target)).toEqual(targets);
    expect(ends).toEqual([undefined, undefined, endMarker]);
  });

  test('go on in another process from a checkpoint', async () => {
    const { client } = await start(script);
    const asked = { path: '/users', query: { role: 'a' }, paging, recordsOf: usersOf };
    const { cursor } = await client.fetchPage({ ...asked, cursor: null });
    const stored = JSON.stringify(cursor);
    const other = await start(script);
    const page = await other.client.fetchPage({ ...asked, cursor: JSON.parse(stored) as PageCursor });
    expect(page.records).toEqual([{ id: 3 }, { id: 4 }]);
    expect(other.server.requests.map(({ target }) => target)).toEqual([targets[1]]);
  });

  test('end where what leads on is null or empty', async () => {
    for (const nothing of [null, '']) {
      const { client } = await start((_request, response) =>
        answerJson(response, { users: [], next: nothing, nextPageToken: nothing }),
      );
      expect((await fetchAll(client, paging)).map((page) => page.evidence.endMarker)).toEqual([endMarker]);
    }
  });

  test.each([
    [[{ id: 1 }], undefined],
    [[], 'empty-page'],
  ])('that lead to themselves are refused with records (%j), and without are the end', async (users, end) => {
    const { client } = await start(({ target }, response) =>
      answerJson(response, { users, next: target, nextPageToken: 'same' }),
    );
    const reading = fetchAll(client, paging);
    if (end === undefined)
      await expect(reading).rejects.toMatchObject({
        code: 'vendor_answer_invalid',
        data: { problem: expect.stringMatching(/_does_not_advance$/) },
      });
    else expect((await reading).at(-1)?.evidence.endMarker).toBe(end);
  });

  test('that are led on by what is no text are refused', async () => {
    const { client } = await start((_request, response) =>
      answerJson(response, { users: [], next: 7, nextPageToken: { a: 1 } }),
    );
    await expect(fetchAll(client, paging)).rejects.toMatchObject({
      code: 'vendor_answer_invalid',
      data: { problem: expect.stringMatching(/_unreadable$/) },
    });
  });

  test.each([
    ['truncated', '{"users":[{"id":', 'vendor_unavailable'],
    ['a web page', '<html>', 'vendor_answer_invalid'],
    ['a list instead of an envelope', '[]', 'vendor_answer_invalid'],
  ])('of which one is %s fail', async (_name, body, code) => {
    const { client } = await start((_request, response) => response.end(body), { retry: { attempts: 1 } });
    await expect(fetchAll(client, paging)).rejects.toMatchObject({ code });
  });

  test('whose cursor has grown too old say so, and only those that a cursor led to', async () => {
    const expiring: Paging = {
      ...(paging as BodyLinkPaging),
      isExpired: ({ status, json }) => status === 400 && memberOf(json as JsonValue, 'error') === 'CURSOR',
    };
    const { client, server } = await start((request, response, index) => {
      if (index === 0) return script(request, response, index);
      answerJson(response, { error: 'CURSOR' }, { status: 400 });
    });
    const asked = { path: '/users', paging: expiring, recordsOf: usersOf };
    const { cursor } = await client.fetchPage({ ...asked, cursor: null });
    await expect(client.fetchPage({ ...asked, cursor })).rejects.toMatchObject({
      code: 'cursor_expired',
      data: { status: 400 },
    });
    await expect(client.fetchPage({ ...asked, cursor: null })).rejects.toMatchObject({
      code: 'vendor_answer_invalid',
    });
    expect(server.requests).toHaveLength(3);
  });
});

test('a link in the body is not followed off the origin, nor from a checkpoint', async () => {
  const other = await startScriptedServer((_, response) => answerJson(response, { users: [] }));
  onTestFinished(() => other[Symbol.asyncDispose]());
  for (const next of [`${other.url}/x`, `//${other.host}/x`, 'https://user:pw@127.0.0.1/x', 'data:,x']) {
    const { client } = await start((_, response) => answerJson(response, { users: [], next }), {
      auth: { kind: 'bearer', token: 'canary' },
    });
    const refusal = { code: 'vendor_answer_invalid', data: { problem: 'link_off_origin' } };
    await expect(fetchAll(client, bodyLink)).rejects.toMatchObject(refusal);
    const cursor: PageCursor = { kind: 'bodyLink', target: next };
    await expect(
      client.fetchPage({ path: '/users', paging: bodyLink, cursor, recordsOf: usersOf }),
    ).rejects.toMatchObject(refusal);
  }
  expect(other.requests).toHaveLength(0);
});

test('a token may stand in a header', async () => {
  const { client, server } = await start(({ target }, response) =>
    answerJson(
      response,
      { users: [] },
      { headers: target.includes('pageToken') ? {} : { 'Next-Page-Token': 'a+b/c' } },
    ),
  );
  await fetchAll(client, { ...token, tokenIn: (_, headers) => headers['next-page-token'] });
  expect(server.requests.at(-1)?.target).toBe('/ims/v1p1/users?pageSize=2&pageToken=a%2Bb%2Fc');
});

test('the size of a page is asked for on the first page of a linked list; then the link says it', async () => {
  const { client, server } = await start(({ target }, response) =>
    answerJson(
      response,
      { users: [] },
      { headers: target.includes('page=2') ? {} : { link: '</api?page=2&per_page=50>; rel="next"' } },
    ),
  );
  await fetchAll(client, { kind: 'link', sizeParameter: 'per_page', pageSize: 100 });
  expect(server.requests.map(({ target }) => target)).toEqual([
    '/ims/v1p1/users?per_page=100',
    '/api?page=2&per_page=50',
  ]);
});

test('an offset list asks for no more than the vendor says it gives, from its first answer on', async () => {
  const { client, server } = await start(({ target }, response) => {
    const query = new URLSearchParams(target.split('?')[1]);
    const offset = Number(query.get('offset'));
    const users = everyone.slice(offset, offset + Math.min(2, Number(query.get('limit'))));
    answerJson(response, { users }, { headers: { 'x-max-page-size': '2', 'x-total-count': '5' } });
  });
  const pages = await fetchAll(client, { ...offsetPaging, maximumHeader: 'X-Max-Page-Size' });
  expect(pages.flatMap((page) => page.records)).toEqual(everyone);
  expect(server.requests.map(({ target }) => target.split('?')[1])).toEqual([
    'limit=3&offset=0',
    'limit=2&offset=2',
    'limit=2&offset=4',
  ]);
});

test.each([-1, 1.5, '5', undefined])('a total in the body of %j is none', async (total) => {
  const { client } = await start((_, response) => answerJson(response, { users: [], total }));
  const [page] = await fetchAll(client, bodyLink);
  expect(page?.evidence).toEqual({ records: 0, endMarker: 'no-next-link' });
});
