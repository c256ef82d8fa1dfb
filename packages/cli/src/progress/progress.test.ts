import { createManualClock } from '@flotilla/substrate/clock/clock.manual';
import { systemClock } from '@flotilla/substrate/clock/clock.system';
import { Failure } from '@flotilla/substrate/failure';
import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import type { Terminal } from '../output/terminal.ts';
import { RunProgressAnswer } from '../rpc/answers.ts';
import type { RpcClient } from '../rpc/rpc-client.ts';
import { followRun } from './follow-run.ts';
import { createRunProgress } from './run-progress.ts';
import { waitForWarehouse } from './wait-for-warehouse.ts';

const signal = new AbortController().signal;

describe('following a run', () => {
  test('goes on until it has ended, through a service that is away for a moment', async () => {
    const service = serviceThatAnswers([
      run('queued'),
      new Failure('unavailable', 'Away'),
      run('running'),
      run('partial'),
    ]);
    const seen: string[] = [];

    const ended = await followRun({
      service,
      customerId: 'c',
      runId: 'r',
      clock: systemClock,
      signal,
      onProgress: ({ state }) => seen.push(state),
    });

    expect(ended.state).toBe('partial');
    expect(seen).toEqual(['queued', 'running', 'partial']);
  });

  test('gives up on a service that stays away', async () => {
    const clock = createManualClock();
    const service = serviceThatAnswers([new Failure('unavailable', 'Away')]);
    const following = followRun({ service, customerId: 'c', runId: 'r', clock, signal, onProgress() {} });
    const outcome = expect(following).rejects.toMatchObject({ code: 'unavailable' });

    await clock.advance(61_000);

    await outcome;
  });

  test('ends at once with any other failure', async () => {
    const service = serviceThatAnswers([new Failure('not_found', 'No such run')]);

    await expect(
      followRun({ service, customerId: 'c', runId: 'r', clock: systemClock, signal, onProgress() {} }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('waiting for the warehouse', () => {
  test('lasts until no change is missing, not only until the last one is there', async () => {
    const warehouse = serviceThatAnswers([
      { highestSequence: 0, changes: 0 },
      { highestSequence: 10, changes: 7 },
      { highestSequence: 10, changes: 10 },
    ]);

    await expect(landing(warehouse, 10)).resolves.toBe(10);
  });

  test('is over at once where nothing ever changed', async () => {
    await expect(landing(serviceThatAnswers([{ highestSequence: 0, changes: 0 }]), null)).resolves.toBe(0);
  });

  test('ends with what is missing when it takes too long', async () => {
    const clock = createManualClock();
    const warehouse = serviceThatAnswers([{ highestSequence: 3, changes: 3 }]);
    const waiting = waitForWarehouse({
      warehouse,
      customerId: 'c',
      integrationId: 'i',
      lastSequence: 5,
      clock,
      signal,
    });
    const outcome = expect(waiting).rejects.toMatchObject({
      code: 'unavailable',
      data: { expected: 5, landed: 3 },
    });

    await clock.advance(121_000);

    await outcome;
  });
});

test('what the vendor works on by itself is told with how far it is, once where nobody watches', () => {
  const lines: string[] = [];
  const progress = createRunProgress(terminal((line) => lines.push(line), false));
  const user = entityType('user', 'applying');
  const org = { ...entityType('org', 'applying'), upload: { records: 3, percent: null } };

  for (const percent of [40.5, 80])
    progress.update(run('running', [org, { ...user, upload: { records: 1_200, percent } }]));
  progress.update(run('succeeded', [org, entityType('user', 'done', { updated: 2 })]));
  progress.stop();

  expect(lines).toEqual(['org: upload of 3', 'user: upload of 1,200: 40 %', 'user: 5 read, 2 updated']);
});

test('where nobody watches, each entity type is told once, when it is done', () => {
  const lines: string[] = [];
  const progress = createRunProgress(terminal((line) => lines.push(line), false));
  const failure = { code: 'incomplete_fetch', message: 'Fewer records than announced', data: {} };

  progress.update(
    run('running', [entityType('org', 'done', { created: 3 }), entityType('user', 'fetching')]),
  );
  progress.update(
    run('partial', [
      entityType('org', 'done', { created: 3 }),
      { ...entityType('user', 'failed'), failure },
      entityType('class', 'done'),
    ]),
  );
  progress.stop();

  expect(lines).toEqual([
    'org: 5 read, 3 created',
    'user: 5 read, failed: Fewer records than announced',
    'class: 5 read, unchanged',
  ]);
});

function serviceThatAnswers(answers: readonly unknown[]): RpcClient {
  let next = 0;
  return {
    service: 'oneroster',
    async call(_method, _params, result) {
      const answer = answers[Math.min(next, answers.length - 1)];
      next += 1;
      if (answer instanceof Failure) throw answer;
      return result.parse(answer);
    },
    send: () => Promise.reject(new Failure('internal', 'Nobody sends here')),
  };
}

function landing(warehouse: RpcClient, lastSequence: number | null): Promise<number> {
  return waitForWarehouse({
    warehouse,
    customerId: 'c',
    integrationId: 'i',
    lastSequence,
    clock: systemClock,
    signal,
  });
}

function entityType(name: string, stage: string, counts: Readonly<Record<string, number>> = {}) {
  const none = {
    received: 5,
    unchanged: 0,
    quarantined: 0,
    created: 0,
    updated: 0,
    deleted: 0,
    withdrawn: 0,
  };
  return { entityType: name, stage, announced: 5, counts: { ...none, ...counts }, failure: null };
}

function run(state: string, entityTypes: readonly unknown[] = []): RunProgressAnswer {
  return RunProgressAnswer.parse({
    customerId: 'c',
    runId: 'r',
    integrationId: 'i',
    vendor: 'oneroster',
    context: 'manual',
    method: 'rosters.sync.v1',
    state,
    requestedAt: '2026-01-01T00:00:00Z',
    startedAt: null,
    finishedAt: null,
    lastSequence: null,
    failure: null,
    entityTypes,
  });
}

function terminal(note: (line: string) => void, isInteractive: boolean): Terminal {
  return {
    print() {},
    note,
    colors: pc.createColors(false),
    width: 140,
    isInteractive,
    progressStream: process.stderr,
  };
}
