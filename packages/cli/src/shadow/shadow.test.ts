import { createManualClock } from '@flotilla/substrate/clock/clock.manual';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { defineMethod, olderVersion } from '@flotilla/substrate/rpc';
import type { RpcAnswer } from '@flotilla/substrate/rpc/answer';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { RpcClient } from '../rpc/rpc-client.ts';
import { chooseVersions } from './find-versions.ts';
import { shadowCall } from './shadow-call.ts';

const newest = defineMethod({
  name: 'rooms.read',
  version: 2,
  summary: 'Reads rooms',
  params: z.strictObject({ customerId: z.string(), roomIds: z.array(z.string()) }),
  result: z.strictObject({ rooms: z.array(z.strictObject({ id: z.string(), seats: z.number() })) }),
  roles: ['viewer'],
  run: async () => ({ rooms: [] }),
});
const older = olderVersion(newest, {
  version: 1,
  params: z.strictObject({ customerId: z.string(), roomId: z.string() }),
  result: z.strictObject({ seats: z.number() }),
  up: ({ roomId, ...rest }) => ({ ...rest, roomIds: [roomId] }),
  down: ({ rooms }) => ({ seats: rooms[0]?.seats ?? 0 }),
});
const pair = chooseVersions([newest, older], 'rooms.read');
const params = { customerId: 'springfield', roomId: 'r1' };

/** A service that answers these, in turn, and keeps what it was asked. */
function answering(...answers: readonly RpcAnswer[]) {
  const asked: [string, JsonObject][] = [];
  const service: RpcClient = {
    service: 'school',
    call: () => Promise.reject(new Error('not used')),
    async send(method, sent) {
      asked.push([method, sent]);
      return answers[asked.length - 1] ?? { result: null };
    },
  };
  return { service, asked };
}

const clock = createManualClock();
const one: RpcAnswer = { result: { seats: 30 } };
const two = (seats: number): RpcAnswer => ({ result: { rooms: [{ id: 'r1', seats }] } });

describe('a call of both versions', () => {
  test('asks each in its own words, and finds them alike where the newer says the same in its own', async () => {
    const { service, asked } = answering(one, two(30));

    const { differences } = await shadowCall(service, pair, params, clock);

    expect(asked).toEqual([
      ['rooms.read.v1', params],
      ['rooms.read.v2', { customerId: 'springfield', roomIds: ['r1'] }],
    ]);
    expect(differences).toEqual([]);
  });

  test('tells where they differ, and what each says there', async () => {
    const { service } = answering(one, two(28), one, two(28));

    const { differences } = await shadowCall(service, pair, params, clock);

    expect(differences).toEqual([{ pointer: '/seats', older: 30, newer: 28 }]);
  });

  test('believes what is asked once more: in between the data may have changed', async () => {
    const { service, asked } = answering(one, two(28), { result: { seats: 28 } }, two(28));

    const { differences } = await shadowCall(service, pair, params, clock);

    expect(differences).toEqual([]);
    expect(asked).toHaveLength(4);
  });

  test('takes two errors of one code for the same, and an error beside a result for a difference', async () => {
    const error = (message: string): RpcAnswer => ({
      error: { code: -32001, message, data: { code: 'not_found' } },
    });
    const alike = answering(error('no room r1'), error('no rooms r1'));
    const unlike = answering(error('no room'), two(30), error('no room'), two(30));

    expect((await shadowCall(alike.service, pair, params, clock)).differences).toEqual([]);
    expect((await shadowCall(unlike.service, pair, params, clock)).differences).toEqual([
      { pointer: '/error', older: { code: 'not_found' } },
      { pointer: '/seats', newer: 30 },
    ]);
  });

  test('is refused with what are no parameters of the older version, before anything is asked', async () => {
    const { service, asked } = answering();

    await expect(shadowCall(service, pair, { customerId: 'springfield' }, clock)).rejects.toMatchObject({
      code: 'invalid_params',
      data: { issues: [{ pointer: '/roomId' }] },
    });
    expect(asked).toEqual([]);
  });
});

test('a method is found by its name or by its old version, and named where it is neither', () => {
  expect(chooseVersions([newest, older], 'rooms.read.v1').older).toBe(older);
  expect(() => chooseVersions([newest, older], 'room.read')).toThrow('no older version of such a method');
  try {
    chooseVersions([newest, older], 'room.read');
  } catch (thrown) {
    expect(thrown).toMatchObject({ data: { advice: 'There is rooms.read. Is rooms.read meant?' } });
  }
});
