import { Status } from 'google-gax';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../failure/failure.ts';
import { takeDeadLetter } from './dead-letters.ts';
import type { PubSubClients } from './pubsub-clients.ts';

const place = { projectId: 'flotilla-tests' };

/** A subscription of three dead letters, of which each is given out once. */
function createClients({ mayGiveBack = true } = {}) {
  const waiting = ['a', 'b', 'c'];
  const acknowledged: string[] = [];
  const givenBack: string[] = [];
  const subscriber = {
    async pull() {
      const receivedMessages = waiting
        .splice(0, 2)
        .map((messageId) => ({ ackId: `ack-${messageId}`, message: { messageId } }));
      return [{ receivedMessages }];
    },
    async acknowledge({ ackIds }: { readonly ackIds: readonly string[] }) {
      acknowledged.push(...ackIds);
    },
    async modifyAckDeadline({ ackIds }: { readonly ackIds: readonly string[] }) {
      if (!mayGiveBack) throw Object.assign(new Error('Refused by a test'), { code: Status.UNAVAILABLE });
      givenBack.push(...ackIds);
    },
  };
  // Of Google's client only what is called: the emulator refuses nothing.
  return { clients: { subscriber } as unknown as PubSubClients, acknowledged, givenBack };
}

describe('taking a dead letter', () => {
  test('acknowledges the one that is meant, and gives the others back', async () => {
    const { clients, acknowledged, givenBack } = createClients();
    const worked: unknown[] = [];
    await takeDeadLetter(clients, place, 'warehouse', 'c', async ({ message }) => {
      worked.push(message?.messageId);
    });
    expect(worked).toEqual(['c']);
    expect(acknowledged).toEqual(['ack-c']);
    expect(givenBack).toEqual(['ack-a', 'ack-b']);
  });

  test('gives back the one that is meant too where the work fails, so that it is there for the next try', async () => {
    const { clients, acknowledged, givenBack } = createClients();
    const work = () => Promise.reject(new Failure('unavailable', 'The bus does not take it'));
    await expect(takeDeadLetter(clients, place, 'warehouse', 'b', work)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'The bus does not take it',
    });
    expect(acknowledged).toEqual([]);
    expect(givenBack).toEqual(['ack-a', 'ack-b']);
  });

  test('is done although the others cannot be given back: they come by themselves', async () => {
    const { clients, acknowledged } = createClients({ mayGiveBack: false });
    await takeDeadLetter(clients, place, 'warehouse', 'b', async () => undefined);
    expect(acknowledged).toEqual(['ack-b']);
  });

  test('fails with not_found where nothing is left to look at', async () => {
    const { clients, givenBack } = createClients();
    await expect(
      takeDeadLetter(clients, place, 'warehouse', 'z', async () => undefined),
    ).rejects.toMatchObject({ code: 'not_found' });
    expect(givenBack).toEqual(['ack-a', 'ack-b', 'ack-c']);
  });
});
