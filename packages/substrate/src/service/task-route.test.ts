import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import { Failure } from '../failure/failure.ts';
import { createLog } from '../observability/create-log.ts';
import { createSecrets } from '../observability/secrets.ts';
import { openSqliteDatabase } from '../orm/database.sqlite.ts';
import { createTable } from '../orm/migration.ts';
import { createDispatcher } from '../rpc/create-dispatcher.ts';
import { createDeadTaskKeeper } from '../tasks/dead-task-keeper.ts';
import { deadTasks } from '../tasks/dead-tasks.ts';
import { taskHeaders } from '../tasks/task-queue.ts';
import { createLocalAuthenticator, deriveToken } from './authenticate.local.ts';
import { createHttpShell } from './http-shell.ts';
import { createShutdown } from './shutdown.ts';

const token = 'fleet-token-0123456789';
const settings = {
  name: 'oneroster-nightly',
  rate: { maxDispatchesPerSecond: 500, maxConcurrentDispatches: 10 },
  retry: { maxAttempts: 3, minBackoffMs: 1_000, maxBackoffMs: 4_000, maxDoublings: 2 },
  dispatchDeadlineMs: 20_000,
};

type Work = (attempt: number) => Promise<void>;

async function setUp(work: Work) {
  const folder = await mkdtemp(join(tmpdir(), 'task-route-'));
  const clock = createManualClock();
  const database = await openSqliteDatabase({
    path: join(folder, 'store.sqlite'),
    schema: [deadTasks],
    clock,
  });
  await database.migrate([{ number: 1, name: 'create', up: [createTable(deadTasks)] }]);
  const written: string[] = [];
  const log = createLog({
    service: 'test',
    version: '1.0.0',
    clock,
    secrets: createSecrets(),
    format: 'json',
    destination: { write: (line: string) => written.push(line) },
  });
  const shell = createHttpShell({
    dispatch: createDispatcher({ service: 'test', version: '1.0.0', methods: [], context: {} }),
    authenticator: createLocalAuthenticator({ token }),
    taskRoutes: { work: ({ retryCount }) => work(retryCount + 1) },
    // The origin is known before the port is: as in the cloud, where it is a setting.
    deadTasks: { begin: (attempt) => keeper().begin(attempt) },
    shutdown: createShutdown({ log, clock }),
    log,
    clock,
  });
  const { url, close } = await shell.listen(0);
  const keeper = () => createDeadTaskKeeper({ database, clock, queues: [settings], origin: url });
  onTestFinished(async () => {
    await close();
    await database.close();
    await rm(folder, { recursive: true });
  });

  function deliver(retryCount: number, path = '/tasks/work', name = 't-1') {
    return fetch(`${url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${deriveToken(token, 'tasks')}`,
        'content-type': 'application/json',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        [taskHeaders.queueName]: settings.name,
        [taskHeaders.taskName]: name,
        [taskHeaders.retryCount]: String(retryCount),
        'x-flotilla-task': JSON.stringify({ createdAt: clock.now() - 7_000, headers: ['traceparent'] }),
      },
      body: '{"runId":"r-1"}',
    });
  }

  const logged = () => written.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { url, clock, database, deliver, logged, dead: () => database.scan(deadTasks) };
}

test('an attempt that is not the last leaves nothing behind, whatever comes of it', async () => {
  const { deliver, dead } = await setUp(async (attempt) => {
    if (attempt > 1) throw new Failure('unavailable', 'Not now');
  });

  expect([(await deliver(0)).status, (await deliver(1)).status]).toEqual([204, 503]);
  expect(await dead()).toEqual([]);
});

test.each<[string, unknown, number, object]>([
  ['can be retried', new Failure('unavailable', 'Not now'), 503, { code: 'unavailable' }],
  ['is a bug', new TypeError('x is undefined'), 500, { code: 'internal' }],
])(
  'the last attempt that fails is kept as it was sent and answered, when it %s',
  async (_name, thrown, status, data) => {
    const { url, clock, deliver, dead, logged } = await setUp(() => Promise.reject(thrown as Error));

    const answered = await deliver(2, '/tasks/work?again=1');

    expect(answered.status).toBe(status);
    const [row] = await dead();
    expect(row).toMatchObject({
      queue: settings.name,
      name: 't-1',
      url: `${url}/tasks/work?again=1`,
      body: '{"runId":"r-1"}',
      headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
      attempts: 3,
      createdAt: new Date(clock.now() - 7_000).toISOString(),
      diedAt: new Date(clock.now()).toISOString(),
      lastStatus: status,
    });
    expect(row?.lastAnswer).toBe(await answered.text());
    expect(JSON.parse(row?.lastAnswer ?? '')).toMatchObject({ error: { data } });
    expect(JSON.stringify(row)).not.toContain(deriveToken(token, 'tasks'));
    expect(logged().at(-1)).toMatchObject({
      severity: 'ERROR',
      message: 'A task failed for the last time and is dead',
    });
  },
);

test('a last attempt that nobody answers leaves a task that is dead once its deadline has passed', async () => {
  const [begun, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const { clock, deliver, dead } = await setUp(() => {
    begun.resolve();
    return over.promise;
  });

  const delivery = deliver(2);
  await begun.promise;

  const diedAt = new Date(clock.now() + settings.dispatchDeadlineMs).toISOString();
  expect(await dead()).toMatchObject([
    { diedAt, lastStatus: null, lastAnswer: expect.stringMatching('killed') },
  ]);
  over.resolve();
  await delivery;
});

test.each<[string, Work, number]>([
  ['succeeds', async () => undefined, 204],
  ['can never succeed', () => Promise.reject(new Failure('credentials_rejected', 'Refused')), 200],
])(
  'a last attempt that %s leaves nothing, also of one that failed before it',
  async (_name, work, status) => {
    let isMended = false;
    const { deliver, dead } = await setUp((attempt) =>
      isMended ? work(attempt) : Promise.reject(new Failure('unavailable', 'Not now')),
    );
    await deliver(2);
    expect(await dead()).toHaveLength(1);

    isMended = true;
    expect((await deliver(3)).status).toBe(status);
    expect(await dead()).toEqual([]);
  },
);

test('two tasks of one name are two dead ones, and one that came twice is one', async () => {
  const { clock, deliver, dead } = await setUp(() => Promise.reject(new Failure('unavailable', 'Not now')));

  await deliver(2);
  await deliver(2);
  expect(await dead()).toHaveLength(1);
  await clock.advance(3_600_000);
  await deliver(2);
  expect(await dead()).toHaveLength(2);
});

test('a task that nobody handles dies with 404 and is kept', async () => {
  const { deliver, dead } = await setUp(async () => undefined);

  expect((await deliver(2, '/tasks/renamed')).status).toBe(404);
  expect(await dead()).toMatchObject([{ lastStatus: 404, url: expect.stringMatching('/tasks/renamed$') }]);
});

test('a task is worked on and answered though nothing can be kept of it, and the log has what is lost', async () => {
  let attempts = 0;
  const { database, deliver, logged } = await setUp(async () => {
    attempts++;
    throw new Failure('unavailable', 'Not now');
  });
  await database.close();

  expect((await deliver(2)).status).toBe(503);
  expect(attempts).toBe(1);
  expect(logged()).toContainEqual(
    expect.objectContaining({
      severity: 'ERROR',
      message: 'What becomes of a task could not be kept',
      queue: settings.name,
      body: '{"runId":"r-1"}',
    }),
  );
});
