import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { isFailure } from '../failure/failure.ts';
import { createCall } from './call.fixture.ts';
import { defineMethod, olderVersion } from './define-method.ts';

const facts = {
  summary: 'x',
  params: z.strictObject({}),
  result: z.strictObject({}),
  roles: ['admin'] as const,
  run: async () => ({}),
};

describe('a method', () => {
  test('has its wire name composed of name and version', () => {
    expect(defineMethod({ name: 'connection.check', version: 3, ...facts }).wireName).toBe(
      'connection.check.v3',
    );
  });

  test.each([
    ['sync', 1, 'name'],
    ['Rosters.sync', 1, 'name'],
    ['rosters.sync.v1', 1, 'name'],
    ['rosters-sync.go', 1, 'name'],
    ['rpc.anything', 1, 'name'],
    ['rosters.sync', 0, 'version'],
    ['rosters.sync', 1.5, 'version'],
  ])('named %s in version %s is refused for its %s', (name, version, field) => {
    expect(dataOf(() => defineMethod({ name, version, ...facts }))).toMatchObject({ method: name, field });
  });

  test('that nobody may call is refused', () => {
    expect(dataOf(() => defineMethod({ name: 'a.b', version: 1, ...facts, roles: [] }))).toMatchObject({
      field: 'roles',
    });
  });
});

describe('an older version', () => {
  const newer = defineMethod({
    name: 'runs.get',
    version: 2,
    summary: 'Gets a run',
    params: z.strictObject({ runId: z.string().startsWith('r-'), detail: z.boolean().default(false) }),
    result: z.strictObject({ run: z.strictObject({ id: z.string(), detail: z.boolean() }) }),
    roles: ['admin', 'viewer'],
    errors: ['not_found'],
    run: async (_call, { runId, detail }) => ({ run: { id: runId, detail } }),
  });
  const older = olderVersion(newer, {
    version: 1,
    params: z.strictObject({ id: z.string() }),
    result: z.strictObject({ id: z.string() }),
    up: ({ id }) => ({ runId: id }),
    down: ({ run }) => ({ id: run.id }),
  });
  const call = { ...createCall(), context: {} };

  test('runs through the newer one, defaults included', async () => {
    expect(await older.run(call, { id: 'r-1' })).toEqual({ id: 'r-1' });
  });

  test('keeps roles and errors, and is marked as one to leave', () => {
    expect(older).toMatchObject({
      wireName: 'runs.get.v1',
      roles: ['admin', 'viewer'],
      errors: ['not_found'],
      deprecated: true,
      summary: 'Gets a run',
    });
  });

  test('tells how it is answered, so that both can be compared', () => {
    const { newer: name, up, down } = older.translation ?? {};
    expect(name).toBe('runs.get.v2');
    expect(up?.({ id: 'r-1' } as never)).toEqual({ runId: 'r-1' });
    expect(down?.({ run: { id: 'r-1' } } as never)).toEqual({ id: 'r-1' });
    expect(newer.translation).toBeUndefined();
  });

  test('that does not fit the newer one is a fault of ours, not of the caller', async () => {
    await expect(older.run(call, { id: 'x-1' })).rejects.toMatchObject({
      code: 'internal',
      data: { newer: 'runs.get.v2', version: 1, part: 'up' },
    });
  });

  test('cannot be newer', () => {
    expect(
      dataOf(() =>
        olderVersion(newer, {
          version: 2,
          params: z.strictObject({}),
          result: z.strictObject({}),
          up: () => ({ runId: 'r-1' }),
          down: () => ({}),
        }),
      ),
    ).toMatchObject({ field: 'version' });
  });
});

function dataOf(act: () => unknown) {
  try {
    act();
  } catch (thrown) {
    if (isFailure(thrown, 'config_invalid')) return thrown.data;
    throw thrown;
  }
  return undefined;
}
