import { onlineManager } from '@tanstack/react-query';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { call, signIn, signOut } from './call.ts';
import { createQueries } from './create-queries.ts';

afterEach(() => vi.unstubAllGlobals());

describe('what control answers', () => {
  test('is the result, or fails as the method did', async () => {
    answerAll(() => Response.json({ jsonrpc: '2.0', id: 1, result: { customers: [] } }));
    await expect(call('customers.list.v1', {})).resolves.toEqual({ customers: [] });

    const error = { code: -32021, message: 'No such customer', data: { code: 'not_found', customerId: 'x' } };
    answerAll(() => Response.json({ jsonrpc: '2.0', id: 1, error }));
    await expect(call('customers.get.v1', { customerId: 'x' })).rejects.toMatchObject({
      code: 'not_found',
      message: 'No such customer',
      data: { customerId: 'x' },
    });
  });

  test.each([
    ['is empty', () => new Response('', { status: 502 }), 'unavailable'],
    ['is a page of a proxy', () => new Response('<h1>Bad gateway</h1>'), 'unavailable'],
    ['breaks off', () => new Response(brokenStream()), 'unavailable'],
    ['is 401 of a proxy', () => new Response('', { status: 401 }), 'unauthenticated'],
  ])('that %s is no result', async (_what, answer, code) => {
    answerAll(answer);
    await expect(call('customers.list.v1', {})).rejects.toMatchObject({ code });
  });

  test('to signing in and out counts: whoever is refused knows that the session goes on', async () => {
    answerAll(() => new Response(null, { status: 204 }));
    await signIn('a-code');
    await signOut();

    const error = { code: -32002, message: 'The service is ending', data: { code: 'unavailable' } };
    answerAll(() => Response.json({ jsonrpc: '2.0', id: null, error }, { status: 503 }));
    await expect(signOut()).rejects.toMatchObject({ code: 'unavailable', message: 'The service is ending' });
  });
});

test('a browser that knows of no network asks all the same: a fleet of this machine answers without one', async () => {
  onTestFinished(() => onlineManager.setOnline(true));
  onlineManager.setOnline(false);
  const queries = createQueries(() => {});

  await expect(queries.fetchQuery({ queryKey: ['a'], queryFn: async () => 'read' })).resolves.toBe('read');

  const mutation = queries.getMutationCache().build(queries, { mutationFn: async () => 'done' });
  await expect(mutation.execute(undefined)).resolves.toBe('done');
});

/** Everything that the page asks from now on. */
function answerAll(answer: () => Response): void {
  vi.stubGlobal('fetch', async () => answer());
}

function brokenStream(): ReadableStream {
  return new ReadableStream({ start: (controller) => controller.error(new TypeError('terminated')) });
}
