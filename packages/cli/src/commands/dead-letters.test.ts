import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@flotilla/substrate/clock/clock.system';
import { openLocalChangeBus } from '@flotilla/substrate/egress/change-bus.local';
import { changesFormat } from '@flotilla/substrate/egress/relay';
import { sampleChange } from '@flotilla/substrate/egress/sample-changes.fixture';
import { openLocalTaskQueue } from '@flotilla/substrate/tasks/task-queue.local';
import { startTestReceiver } from '@flotilla/substrate/tasks/test-receiver.fixture';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type CliProcess, runCli, startCli } from '../cli-process.fixture.ts';
import { keepFreePorts } from '../fleet/keep-free-ports.fixture.ts';

const integration = { customerId: 'springfield', integrationId: 'oneroster' };

let home: string;
let dev: CliProcess;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'flotilla-dead-letters-'));
  await leaveDeadLetters();
  await keepFreePorts(home);
  dev = startCli(['dev', '--home', home, '--json', '--services', 'oneroster']);
  await vi.waitUntil(() => dev.out().includes('\n'), { timeout: 30_000 });
});

afterAll(async () => {
  dev.child.kill('SIGTERM');
  await dev.ended;
  rmSync(home, { recursive: true, force: true });
});

describe('dead letters', () => {
  test('are listed with whose they are, what they are and what they died of', async () => {
    const table = await flotilla();
    const json = await flotilla('--json', '--kind', 'message');

    expect([table.code, table.err.includes('dead-letters replay')]).toEqual([0, true]);
    const [heading = '', ...rows] = table.out.trimEnd().split('\n');
    expect(heading.split(/ {2,}/)).toEqual(
      'kind,queue,id,whose,what,died,attempts,bytes,last answer'.split(','),
    );
    expect(rows).toHaveLength(4);
    expect(table.out).toMatch(
      /task +oneroster-manual +\d+ +springfield +run-slice run 8f14e45f slice 3 .* 1 +\d+ +422 refused/,
    );
    expect(table.out).toMatch(
      /message +warehouse +\S+ +springfield\/oneroster +changes 1 to 1 .* 422 refused/,
    );
    const { deadLetters, truncated } = JSON.parse(json.out);
    expect(truncated).toBe(false);
    expect(deadLetters).toHaveLength(2);
    expect(deadLetters[0]).toMatchObject({ kind: 'message', queue: 'warehouse', lastStatus: 422 });
    expect(json.out).not.toContain('Lovelace');
  });

  test('are replayed by their ids, and then are there no more', async () => {
    const id = (await idsOf('message')).at(-1) ?? '';

    const first = await flotilla('replay', 'message', 'warehouse', id, '--reason', 'mended');
    const again = await flotilla('replay', 'message', 'warehouse', id);

    expect([first.code, first.out]).toEqual([0, 'Replayed 1 dead letter.\n']);
    expect([again.code, again.out]).toEqual([1, 'Replayed 0 dead letters.\n']);
    expect(again.err).toContain(`never dead: ${id}`);
    expect(await idsOf('message')).toHaveLength(1);
    await vi.waitUntil(
      async () => {
        const { out } = await runCli(['query', 'SELECT id FROM user_current', '--json', '--home', home]);
        return out.includes('"user-1"') || out.includes('"user-2"');
      },
      { timeout: 20_000 },
    );
  });

  test('are discarded all together, and none left is no error', async () => {
    const all = await flotilla('discard', 'task', 'oneroster-manual', '--all', '--json');
    const none = await flotilla('discard', 'task', 'oneroster-manual', '--all');

    expect(all.code).toBe(0);
    expect(JSON.parse(all.out)).toEqual({
      discarded: [expect.any(String), expect.any(String)],
      missing: [],
    });
    expect([none.code, none.out]).toEqual([0, 'Discarded 0 dead letters.\n']);
    expect((await flotilla('--kind', 'task')).out).toBe('No dead letters.\n');
  });

  test.each([
    [['replay', 'task', 'oneroster-manual'], 'Neither ids nor --all'],
    [['replay', 'task', 'oneroster-manual', '1', '--all'], 'Both ids and --all'],
    [['discard', 'letter', 'warehouse', '--all'], 'Allowed choices are task, message'],
    [['--queue', 'oneroster-manuel'], 'did you mean oneroster-manual?'],
  ])('are not touched by %j, which says why', async (words, complaint) => {
    const { code, out, err } = await flotilla(...words);

    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(complaint);
  });
});

/** Two slices and two messages that nobody took, before there was a fleet. */
async function leaveDeadLetters(): Promise<void> {
  const receiver = await startTestReceiver(() => ({ status: 422, body: 'refused' }));
  const tasks = await openLocalTaskQueue({ path: join(home, 'tasks.sqlite'), clock: systemClock, pollMs: 2 });
  const bus = await openLocalChangeBus({ path: join(home, 'bus.sqlite'), clock: systemClock, pollMs: 2 });
  const once = { minBackoffMs: 1, maxBackoffMs: 1 };
  const rate = { maxDispatchesPerSecond: 500, maxConcurrentDispatches: 1 };
  const retry = { ...once, maxAttempts: 1, maxDoublings: 0 };
  const name = 'oneroster-manual';
  tasks.startDispatcher({
    queues: [{ name, rate, retry, dispatchDeadlineMs: 5_000 }],
    tokenFor: () => 'token',
  });
  bus.startPusher({
    subscriptions: [
      {
        ...once,
        name: 'warehouse',
        topic: 'changes',
        pushUrl: receiver.url,
        ackDeadlineMs: 5_000,
        maxDeliveryAttempts: 1,
        maxConcurrentPushes: 1,
      },
    ],
    tokenFor: () => 'token',
  });
  for (const number of [1, 2]) {
    await tasks.enqueue({
      queue: name,
      url: `${receiver.url}/tasks/run-slice`,
      body: { customerId: 'springfield', runId: '8f14e45f-ceea-467f-9c15-2b5bbd5d4a10', slice: number + 1 },
    });
    const data = Buffer.from(JSON.stringify({ changes: [sampleChange(number, integration)] }));
    const sequence = String(number);
    const sequences = { firstSequence: sequence, lastSequence: sequence };
    const attributes = { ...integration, ...sequences, format: changesFormat };
    await bus.publish('changes', [{ orderingKey: 'springfield/oneroster', attributes, data }]);
  }
  await vi.waitUntil(
    async () => (await tasks.stats(name)).dead === 2 && (await bus.stats('warehouse')).dead === 2,
    { timeout: 20_000, interval: 5 },
  );
  await Promise.all([tasks.close(), bus.close(), receiver.close()]);
}

async function idsOf(kind: string): Promise<readonly string[]> {
  const { out } = await flotilla('--kind', kind, '--json');
  return (JSON.parse(out).deadLetters as readonly { readonly id: string }[]).map(({ id }) => id);
}

function flotilla(...words: readonly string[]) {
  return runCli(['dead-letters', ...words, '--home', home]);
}
