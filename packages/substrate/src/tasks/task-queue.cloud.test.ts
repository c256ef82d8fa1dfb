import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CloudTasksStandIn, startCloudTasks } from '@flotilla/stand-ins/cloud-tasks';
import { CloudTasksClient } from '@google-cloud/tasks';
import { grpc } from 'google-gax';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import { createLog } from '../observability/create-log.ts';
import { createSecrets } from '../observability/secrets.ts';
import { openSqliteDatabase } from '../orm/database.sqlite.ts';
import type { Database } from '../orm/database.ts';
import { createTable } from '../orm/migration.ts';
import { createDispatcher } from '../rpc/create-dispatcher.ts';
import { createHttpShell } from '../service/http-shell.ts';
import { createShutdown } from '../service/shutdown.ts';
import { createDeadTaskKeeper, type DeadTaskKeeper } from './dead-task-keeper.ts';
import { type DeadTaskRow, deadTasks, putDeadTask } from './dead-tasks.ts';
import { type CloudTaskQueue, createCloudTaskQueue } from './task-queue.cloud.ts';
import { testTaskQueue } from './task-queue.contract.ts';
import { taskHeaders } from './task-queue.ts';
import type { ReceivedPush } from './test-receiver.fixture.ts';

const location = 'projects/springfield/locations/europe-west1';
const serviceAccount = 'tasks@springfield.iam.gserviceaccount.com';
const clock = createManualClock();
let standIn: CloudTasksStandIn;
let folder: string;
let database: Database;
/** Google's own, for what the adapter does not do. */
let client: CloudTasksClient;

beforeAll(async () => {
  standIn = await startCloudTasks({ clock });
  const address = { apiEndpoint: '127.0.0.1', port: standIn.port, projectId: 'springfield' };
  client = new CloudTasksClient({ ...address, sslCreds: grpc.credentials.createInsecure() });
  folder = await mkdtemp(join(tmpdir(), 'task-queue-'));
  database = await openSqliteDatabase({ path: join(folder, 'store.sqlite'), schema: [deadTasks], clock });
  await database.migrate([{ number: 1, name: 'create', up: [createTable(deadTasks)] }]);
});
afterAll(async () => {
  await client.close();
  await standIn.close();
  await database.close();
  await rm(folder, { recursive: true });
});

function open() {
  return createCloudTaskQueue({
    projectId: 'springfield',
    location: 'europe-west1',
    serviceAccount,
    database,
    clock,
    port: standIn.port,
  });
}

function pathOf(queue: string): string {
  return `${location}/queues/${queue}`;
}

/** The e-mail address in a token that was signed for this audience. */
async function senderOf(authorization: unknown, audience: string): Promise<string> {
  const token = String(authorization).replace('Bearer ', '');
  const { payload } = await jwtVerify(token, createLocalJWKSet(standIn.idTokens.jwks), {
    issuer: 'https://accounts.google.com',
    audience,
    currentDate: new Date(clock.now()),
  });
  expect(payload.email_verified).toBe(true);
  return String(payload.email);
}

async function listTasks(queue: string) {
  const [tasks] = await client.listTasks({ parent: pathOf(queue), responseView: 'FULL' });
  return tasks;
}

/** What the service's route does around a handler. */
function attemptOf({ path, headers, body }: ReceivedPush) {
  return {
    queue: String(headers[taskHeaders.queueName]),
    name: String(headers[taskHeaders.taskName]),
    retryCount: Number(headers[taskHeaders.retryCount]),
    path,
    headers,
    body: JSON.stringify(body),
  };
}

testTaskQueue(
  'Cloud Tasks',
  async () => {
    const queue = open();
    const keepers = new Map<string, DeadTaskKeeper>();
    return {
      queue,
      clock,
      async serve(settings, origin) {
        await queue.declare([settings]);
        keepers.set(origin, createDeadTaskKeeper({ database, clock, queues: [settings], origin }));
      },
      isGenuine: async (authorization, origin) => (await senderOf(authorization, origin)) === serviceAccount,
      async attend(push, origin, answer) {
        const last = await keepers.get(origin)?.begin(attemptOf(push));
        const told = await answer();
        if (last === undefined || told === 'hang up') return told;
        if (told.status < 300) await last.forget();
        else await last.keep(told.status, told.body ?? '');
        return told;
      },
      close: () => queue.close(),
    };
  },
  3_000,
);

const usual = {
  rate: { maxDispatchesPerSecond: 500, maxConcurrentDispatches: 50 },
  retry: { maxAttempts: 4, minBackoffMs: 1_000, maxBackoffMs: 10_000, maxDoublings: 3 },
  dispatchDeadlineMs: 20_000,
};

describe('the task queue in Cloud Tasks', () => {
  let queue: CloudTaskQueue;
  let lane: string;
  let count = 0;
  const url = 'https://oneroster.example/tasks/run-slice';

  beforeEach(async () => {
    queue = open();
    lane = `cloud-${count++}`;
    await queue.declare([{ ...usual, name: lane }]);
    await client.pauseQueue({ name: pathOf(lane) });
  });
  afterEach(() => queue.close());

  function dead(id: string, second: number): DeadTaskRow {
    const at = new Date(clock.now() + second * 1000).toISOString();
    const task = { name: `name-${id}`, url, headers: { traceparent: '00-a' }, body: '{"b":1,"a":2}' };
    const rest = { attempts: 4, createdAt: at, diedAt: at, lastStatus: 500, lastAnswer: 'no' };
    return { queue: lane, id, ...task, ...rest };
  }

  test('tells how many tasks wait and since when, to the second that Cloud Tasks keeps', async () => {
    await clock.advance(300);
    const first = clock.now();
    await queue.enqueue({ queue: lane, url, body: 1 });
    await clock.advance(5_000);
    await queue.enqueue({ queue: lane, url, body: 2 });

    const oldestCreatedAt = Math.floor(first / 1000) * 1000;
    expect(await queue.stats(lane)).toEqual({ pending: 2, running: 0, dead: 0, oldestCreatedAt });
  });

  test.each(['before', 'after'] as const)(
    'makes one task though Cloud Tasks fails to answer %s it has made it',
    async (when) => {
      standIn.refuse('UNAVAILABLE', 1, when);
      const { created } = await queue.enqueue({ queue: lane, url, body: 1 });

      expect(created).toBe(true);
      expect(await queue.stats(lane)).toMatchObject({ pending: 1 });
    },
  );

  test.each([
    ['PERMISSION_DENIED', 'forbidden', undefined],
    ['NOT_FOUND', 'unavailable', 60_000],
    ['RESOURCE_EXHAUSTED', 'unavailable', undefined],
    ['FAILED_PRECONDITION', 'config_invalid', undefined],
    ['INVALID_ARGUMENT', 'invalid_params', undefined],
    ['DATA_LOSS', 'internal', undefined],
  ] as const)('%s is %s', async (refusal, code, retryAfterMs) => {
    standIn.refuse(refusal, 1);

    await expect(queue.enqueue({ queue: lane, url, body: 1 })).rejects.toMatchObject({ code, retryAfterMs });
  });

  test('a name is free again an hour after its task has ended', async () => {
    const task = { queue: lane, name: 'again', url, body: 1 };
    await queue.enqueue(task);
    await client.purgeQueue({ name: pathOf(lane) });

    await clock.advance(3_599_000);
    expect(await queue.enqueue(task)).toEqual({ name: 'again', created: false });
    await clock.advance(1_000);
    expect(await queue.enqueue(task)).toEqual({ name: 'again', created: true });
  });

  test('a queue that Cloud Tasks would refuse or change is refused before it is asked', async () => {
    const wrong = [
      { ...usual, name: 'with_underscore' },
      { ...usual, name: lane, dispatchDeadlineMs: 14_999 },
      { ...usual, name: lane, retry: { ...usual.retry, minBackoffMs: 1_500 } },
      { ...usual, name: lane, retry: { ...usual.retry, maxAttempts: 0 } },
      { ...usual, name: lane, rate: { ...usual.rate, maxDispatchesPerSecond: 501 } },
      { ...usual, name: lane, rate: { ...usual.rate, maxConcurrentDispatches: 5_001 } },
    ];
    for (const settings of wrong)
      await expect(queue.declare([settings])).rejects.toMatchObject({ code: 'config_invalid' });
  });

  test('lists the dead latest first, and not yet those whose last attempt is under way', async () => {
    for (const row of [dead('a', -2), dead('b', 0), dead('c', -1), dead('d', 1)])
      await putDeadTask(database, row);

    expect((await queue.listDead(lane)).map(({ id }) => id)).toEqual(['b', 'c', 'a']);
    expect((await queue.listDead(lane, 2)).map(({ id }) => id)).toEqual(['b', 'c']);
    expect(await queue.stats(lane)).toMatchObject({ dead: 3 });
    await expect(queue.replayDead(lane, 'd')).rejects.toMatchObject({ code: 'not_found' });
    await clock.advance(1_000);
    expect((await queue.listDead(lane)).map(({ id }) => id)).toEqual(['d', 'b', 'c', 'a']);
  });

  test('a replay that was broken off between its two halves and is repeated makes one task, as the old one was', async () => {
    await putDeadTask(database, dead('a', 0));
    await queue.replayDead(lane, 'a');
    await putDeadTask(database, dead('a', 0));
    await queue.replayDead(lane, 'a');

    expect(await queue.stats(lane)).toMatchObject({ pending: 1, dead: 0 });
    const [task] = await listTasks(lane);
    expect(task?.httpRequest).toMatchObject({ url, headers: { traceparent: '00-a' } });
    expect(String(task?.httpRequest?.body)).toBe('{"b":1,"a":2}');
  });

  test('a task has the dispatch deadline of its queue, and 15 minutes where the queue was not named', async () => {
    const other = open();
    await queue.enqueue({ queue: lane, url, body: 1 });
    await other.enqueue({ queue: lane, url, body: 1 });
    await other.close();

    const deadlines = (await listTasks(lane)).map(({ dispatchDeadline }) => dispatchDeadline?.seconds);
    expect(deadlines).toEqual(['20', '900']);
  });
});

test('a task goes through the door of a service to the dead, and by replay to its end', async () => {
  const log = createLog({
    service: 'test',
    version: '1.0.0',
    clock,
    secrets: createSecrets(),
    format: 'json',
    destination: { write: () => undefined },
  });
  const settings = { ...usual, name: 'through-the-door' };
  let isMended = false;
  let done = 0;
  const shell = createHttpShell({
    dispatch: createDispatcher({ service: 'test', version: '1.0.0', methods: [], context: {} }),
    authenticator: {
      verify: async ({ authorization }) => ({ role: 'tasks', name: await senderOf(authorization, url) }),
    },
    taskRoutes: {
      async work() {
        if (!isMended) throw new TypeError('x is undefined');
        done++;
      },
    },
    deadTasks: {
      begin: (attempt) =>
        createDeadTaskKeeper({ database, clock, queues: [settings], origin: url }).begin(attempt),
    },
    shutdown: createShutdown({ log, clock }),
    log,
    clock,
  });
  const { url, close } = await shell.listen(0);
  const queue = open();
  onTestFinished(async () => {
    await queue.close();
    await close();
  });
  const untilEmpty = async () => {
    const look = async () => {
      const stats = await queue.stats(settings.name);
      // Time stands still while a request is on its way.
      if (stats.running === 0) await clock.advance(1_000);
      return stats;
    };
    await expect.poll(look, { timeout: 20_000, interval: 3 }).toMatchObject({ pending: 0, running: 0 });
  };

  await queue.declare([settings]);
  const task = { queue: settings.name, name: 'slice-1', url: `${url}/tasks/work`, body: { n: 1 } };
  await queue.enqueue(task);
  await untilEmpty();
  const [dead] = await queue.listDead(settings.name);
  expect(dead).toMatchObject({ ...task, attempts: 4, lastStatus: 500 });

  isMended = true;
  await queue.replayDead(settings.name, dead?.id ?? '');
  await untilEmpty();
  expect([done, await queue.listDead(settings.name)]).toEqual([1, []]);
});

describe("the stand-in of Cloud Tasks, asked by Google's client", () => {
  const parent = pathOf('stand-in');
  const name = `${parent}/tasks/t`;
  const httpRequest = { url: 'http://127.0.0.1:9/', body: Buffer.from('{}') };
  const inSeconds = (seconds: number) => ({ seconds: Math.floor(clock.now() / 1000) + seconds });

  beforeEach(async () => {
    const retryConfig = {
      maxAttempts: 9,
      minBackoff: { seconds: 10, nanos: 900_000_000 },
      maxBackoff: { seconds: 300 },
      maxDoublings: 3,
    };
    await client.updateQueue({ queue: { name: parent, retryConfig } });
    await client.pauseQueue({ name: parent });
  });
  afterEach(() => client.purgeQueue({ name: parent }));

  test('shows a queue with what was left out, and without fractions of seconds', async () => {
    const [queue] = await client.getQueue({ name: parent });

    expect(queue).toMatchObject({
      state: 'PAUSED',
      rateLimits: { maxDispatchesPerSecond: 500, maxConcurrentDispatches: 1_000 },
      retryConfig: { maxAttempts: 9, minBackoff: { seconds: '10', nanos: 0 }, maxDoublings: 3 },
    });
    await expect(client.createQueue({ parent: location, queue: { name: parent } })).rejects.toThrow(
      'ALREADY_EXISTS',
    );
  });

  test('backs off as the reference has it, and forgets the task after its last attempt', async () => {
    await client.createTask({ parent, task: { name: `${parent}/tasks/refused`, httpRequest } });
    await client.resumeQueue({ name: parent });

    const waits: number[] = [];
    for (;;) {
      const [task] = await listTasks('stand-in');
      if (task === undefined) break;
      const [due, last] = [task.scheduleTime, task.lastAttempt];
      const isSettled = last?.responseTime != null && task.dispatchCount !== waits.length;
      if (isSettled) {
        waits.push(Number(due?.seconds) - Number(last.responseTime?.seconds));
        await clock.advance((waits.at(-1) ?? 0) * 1000);
      }
    }

    expect(waits).toEqual([10, 20, 40, 80, 160, 240, 300, 300]);
  });

  test('shows a task without its body unless asked for all of it, and deletes it', async () => {
    await client.createTask({ parent, task: { name, httpRequest } });

    const [basic] = await client.getTask({ name });
    const [full] = await client.getTask({ name, responseView: 'FULL' });
    expect([basic.view, String(basic.httpRequest?.body)]).toEqual(['BASIC', '']);
    expect([full.view, String(full.httpRequest?.body)]).toEqual(['FULL', '{}']);
    await client.deleteTask({ name });
    await expect(client.getTask({ name })).rejects.toThrow('NOT_FOUND');
    await clock.advance(3_600_000);
  });

  test('pages through tasks, and drops what is 31 days old', async () => {
    for (const id of ['a', 'b', 'c'])
      await client.createTask({ parent, task: { name: `${parent}/tasks/${id}`, httpRequest } });

    const [first, next] = await client.listTasks({ parent, pageSize: 2 }, { autoPaginate: false });
    const [second] = await client.listTasks({ ...next, parent }, { autoPaginate: false });
    expect([...first, ...second].map((task) => task.name?.at(-1))).toEqual(['a', 'b', 'c']);
    await clock.advance(31 * 24 * 3_600_000);
    expect(await listTasks('stand-in')).toEqual([]);
  });

  const refusals: readonly [string, () => object, string][] = [
    ['a name of another queue', () => ({ name: `${location}/queues/other/tasks/t` }), 'malformed'],
    ['a name with a dot', () => ({ name: `${name}.` }), 'malformed'],
    ['no request', () => ({ httpRequest: null }), 'required'],
    ['another scheme', () => ({ httpRequest: { ...httpRequest, url: 'ftp://a' } }), 'must begin'],
    ['a large task', () => ({ httpRequest: { ...httpRequest, body: Buffer.alloc(100_000) } }), 'too large'],
    ['a far time', () => ({ scheduleTime: inSeconds(30 * 86_400 + 1) }), 'no more than 720h'],
    ['a short deadline', () => ({ dispatchDeadline: { seconds: 14 } }), 'between [15s, 30m]'],
    ['a long deadline', () => ({ dispatchDeadline: { seconds: 1_801 } }), 'between [15s, 30m]'],
  ];

  test.each(refusals)('refuses a task of %s', async (_name, wrong, words) => {
    await expect(client.createTask({ parent, task: { name, httpRequest, ...wrong() } })).rejects.toThrow(
      words,
    );
  });

  test('knows no queue that nobody created', async () => {
    await expect(client.createTask({ parent: pathOf('nowhere'), task: { httpRequest } })).rejects.toThrow(
      'Queue does not exist.',
    );
  });
});
