import { Status } from 'google-gax';
import { describe, expect, test } from 'vitest';
import { publishInOrder } from './publish-in-order.ts';
import type { PubSubClients } from './pubsub-clients.ts';

/** Takes the requests of one key when it is told to; refuses those of the key `bad` with a code of gRPC's. */
function createClients(code: number) {
  const asked: string[] = [];
  const held = Promise.withResolvers<void>();
  let answered = 0;
  async function publish({ messages }: { readonly messages: readonly { readonly orderingKey: string }[] }) {
    const key = messages[0]?.orderingKey ?? '';
    asked.push(key);
    if (key === 'bad') throw Object.assign(new Error('Refused by a test'), { code });
    await held.promise;
    answered++;
    return [{ messageIds: messages.map((_message, index) => `${key}-${index}`) }];
  }
  // Of Google's client only what is called: the emulator refuses nothing.
  const clients = { publisher: { publish } } as unknown as PubSubClients;
  return { clients, asked, release: held.resolve, answered: () => answered };
}

const messageOf = (orderingKey: string) => ({ orderingKey, attributes: {}, data: new Uint8Array() });
const place = { projectId: 'flotilla-tests' };

describe('publishing in order', () => {
  test('fails when nothing is under way any more, and begins no other key then', async () => {
    const { clients, asked, release, answered } = createClients(Status.UNAVAILABLE);
    const slow = Array.from({ length: 7 }, (_none, index) => `slow-${index}`);
    const keys = [...slow, 'bad', 'late-0', 'late-1'];
    let isTold = false;

    const publishing = publishInOrder(clients, place, 'changes', keys.map(messageOf)).finally(() => {
      isTold = true;
    });
    publishing.catch(() => undefined);
    await new Promise(setImmediate);
    expect(isTold).toBe(false);
    release();

    await expect(publishing).rejects.toMatchObject({ code: 'unavailable' });
    expect(answered()).toBe(slow.length);
    expect(asked).toEqual([...slow, 'bad']);
  });

  test.each([
    ['INTERNAL', 'unavailable'],
    ['UNKNOWN', 'unavailable'],
    ['RESOURCE_EXHAUSTED', 'unavailable'],
    ['PERMISSION_DENIED', 'forbidden'],
    ['NOT_FOUND', 'config_invalid'],
    ['INVALID_ARGUMENT', 'internal'],
  ] as const)('%s of Pub/Sub is %s', async (name, code) => {
    const { clients } = createClients(Status[name]);
    await expect(publishInOrder(clients, place, 'changes', [messageOf('bad')])).rejects.toMatchObject({
      code,
    });
  });
});
