import jayson from 'jayson';
import { expect, test } from 'vitest';

// Why the dispatcher reads requests and runs batches itself. When a newer jayson fails one of these, the code that makes up for it can go.

const server = new jayson.Server({
  'a.b': (_params: unknown, respond: (error: null, result: unknown) => void) => respond(null, {}),
});

test('jayson takes an id of null for a notification, where the specification has it answered', async () => {
  expect(await ask({ jsonrpc: '2.0', method: 'a.b', id: null })).toBe('no answer');
});

test('jayson never ends a batch of nothing but lists', async () => {
  expect(await ask([[]])).toBe('never called back');
});

test('jayson leaves lists in a batch unanswered', async () => {
  expect(await ask([[], { jsonrpc: '2.0', method: 'a.b', id: 1 }])).toEqual([
    { jsonrpc: '2.0', id: 1, result: {} },
  ]);
});

test('jayson words its errors otherwise than section 5.1 of the specification', async () => {
  expect(await ask('{')).toMatchObject({ error: { message: 'Parse Error' } });
  expect(await ask({})).toMatchObject({ error: { message: 'Invalid request' } });
});

async function ask(request: unknown): Promise<unknown> {
  let answer: unknown = 'never called back';
  server.call(request as jayson.JSONRPCRequestLike, {}, (error, success) => {
    answer = error ?? success ?? 'no answer';
  });
  await new Promise((resolve) => setImmediate(resolve));
  return answer;
}
