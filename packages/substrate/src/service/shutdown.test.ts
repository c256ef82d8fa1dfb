import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import { createCall } from '../rpc/call.fixture.ts';
import { deriveToken } from './authenticate.local.ts';
import { createShutdown } from './shutdown.ts';

describe('a process that gets SIGTERM', () => {
  test('lets a running slice checkpoint, answers it, closes in order, and exits with 0', async () => {
    const service = await startService();
    const task = service.post('/tasks/slice');
    await service.hears('slice began');

    service.child.kill('SIGTERM');

    expect(await task).toBe(204);
    expect(await service.exit()).toEqual([0, null]);
    expect(service.said).toEqual([
      'slice began',
      'slice checkpoints',
      'slice ended',
      'first closed',
      'second closed',
    ]);
  });

  test('is not held by idle keep-alive connections', async () => {
    const service = await startService();
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    for (let count = 0; count < 3; count++) expect(await service.get('/healthz', agent)).toBe(200);
    const start = performance.now();

    service.child.kill('SIGTERM');

    expect(await service.exit()).toEqual([0, null]);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  test.each(['noop', 'import:@google-cloud/spanner'])(
    'exits even if something installed handlers that do nothing (%s)',
    async (mode) => {
      const service = await startService(mode);

      service.child.kill('SIGTERM');

      expect(await service.exit()).toEqual([0, null]);
      expect(service.said).toEqual(['first closed', 'second closed']);
    },
  );

  test('cuts work that outlasts its grace, and still closes', async () => {
    const service = await startService('stubborn', 'hurried');
    const task = service.post('/tasks/slice').catch((error: NodeJS.ErrnoException) => error.code);
    await service.hears('slice began');

    service.child.kill('SIGTERM');

    expect(await service.exit()).toEqual([0, null]);
    expect(service.said).toEqual(['slice began', 'first closed', 'second closed']);
    expect(await task).toBe('ECONNRESET');
    expect(service.logged()).toContain('Work outlasted its grace and is cut');
  });

  test('exits with 1 when a closer hangs, since something may not have been flushed', async () => {
    const service = await startService('hang');

    service.child.kill('SIGTERM');

    expect(await service.exit()).toEqual([1, null]);
    expect(service.said).toEqual(['first closed']);
  });

  test('and SIGINT right after it, as Ctrl-C does through its parents, ends gracefully all the same', async () => {
    const service = await startService();
    const task = service.post('/tasks/slice');
    await service.hears('slice began');

    for (const signal of ['SIGINT', 'SIGTERM', 'SIGINT'] as const) service.child.kill(signal);

    expect(await task).toBe(204);
    expect(await service.exit()).toEqual([0, null]);
  });

  test('a second time, later, exits at once with 143', async () => {
    const service = await startService('stubborn');
    service.post('/tasks/slice').catch(() => undefined);
    await service.hears('slice began');

    service.child.kill('SIGTERM');
    await service.logs('Shutting down');
    await new Promise((resolve) => setTimeout(resolve, 600));
    service.child.kill('SIGTERM');

    expect(await service.exit()).toEqual([143, null]);
    expect(service.said).toEqual(['slice began']);
  });
});

test('an error that nobody caught is logged as a line like any other and ends the process with 1', async () => {
  const service = await startService();
  service.post('/tasks/crash').catch(() => undefined);

  expect(await service.exit()).toEqual([1, null]);
  const line = JSON.parse(service.logged().trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
  expect(line).toMatchObject({
    severity: 'ERROR',
    message: 'Nobody caught an error: exiting at once',
    error: { message: 'nobody waits for this' },
  });
});

describe('the stages of a shutdown', () => {
  test('come in order: intakes stop, the signal aborts, work ends, closers run one after the other', async () => {
    const { shutdown, events } = setUp();
    let endWork: () => void = () => undefined;
    shutdown.addIntake('a', () => {
      events.push(`a stops, aborted: ${shutdown.signal.aborted}`);
      return new Promise((resolve) => {
        endWork = resolve;
      });
    });
    shutdown.signal.addEventListener('abort', () => events.push('signal'));
    shutdown.addCloser('flush', async () => {
      events.push('flush begins');
      await Promise.resolve();
      events.push('flush ends');
    });
    shutdown.addCloser('disconnect', async () => void events.push('disconnect'));

    const code = shutdown.begin('SIGTERM');
    await Promise.resolve();
    expect(events).toEqual(['a stops, aborted: false', 'signal']);
    endWork();

    expect(await code).toBe(0);
    expect(events).toEqual(['a stops, aborted: false', 'signal', 'flush begins', 'flush ends', 'disconnect']);
  });

  test('are gone through once, however often it is begun', async () => {
    const { shutdown, events } = setUp();
    shutdown.addCloser('only', async () => void events.push('closed'));

    expect(await Promise.all([shutdown.begin('a'), shutdown.begin('b')])).toEqual([0, 0]);
    expect(events).toEqual(['closed']);
  });

  test('go on past a closer that fails, and the exit code is 1', async () => {
    const { shutdown, events, written } = setUp();
    shutdown.addCloser('flush', () => Promise.reject(new Error('broker is gone')));
    shutdown.addCloser('disconnect', async () => void events.push('disconnect'));

    expect(await shutdown.begin('SIGTERM')).toBe(1);
    expect(events).toEqual(['disconnect']);
    expect(written.join('')).toContain('"part":"flush"');
  });

  test('wait for work eight seconds and no longer', async () => {
    const { shutdown, clock } = setUp();
    shutdown.addIntake('stuck', () => new Promise(() => undefined));
    let code: number | undefined;
    void shutdown.begin('SIGTERM').then((value) => {
      code = value;
    });

    await clock.advance(7_999);
    expect(code).toBeUndefined();
    await clock.advance(1);
    await clock.advance(0);

    expect(code).toBe(0);
  });

  test('give handlers a reason to throw that brings their task again', () => {
    const { shutdown } = setUp();

    void shutdown.begin('SIGTERM');

    expect(shutdown.signal.reason).toMatchObject({ code: 'unavailable', retryAfterMs: 1_000 });
  });
});

function setUp() {
  const clock = createManualClock();
  const written: string[] = [];
  const { log } = createCall({}, undefined, written);
  return { shutdown: createShutdown({ log, clock }), clock, events: [] as string[], written };
}

async function startService(...modes: string[]) {
  const child: ChildProcess = spawn(process.execPath, [
    `${import.meta.dirname}/http-shell.child.ts`,
    ...modes,
  ]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors += String(chunk);
  });
  const said: string[] = [];
  const waiting: (() => void)[] = [];
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const closed = once(lines, 'close');
  lines.on('line', (line) => {
    said.push(line);
    for (const check of waiting) check();
  });
  const hears = (text: string) =>
    new Promise<void>((resolve) => {
      const check = () => said.some((line) => line.startsWith(text)) && resolve();
      waiting.push(check);
      check();
    });
  await Promise.race([hears('http://'), exited.then(() => Promise.reject(new Error(errors)))]);
  const url = said.shift() ?? '';

  function send(method: string, path: string, agent?: Agent): Promise<number> {
    return new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${deriveToken('fleet-token-0123456789', 'tasks')}`,
        'content-type': 'application/json',
      };
      const sent = request(
        url + path,
        { method, headers, ...(agent === undefined ? {} : { agent }) },
        (response) => {
          response.resume().once('end', () => resolve(response.statusCode ?? 0));
        },
      );
      sent.once('error', reject).end(method === 'POST' ? '{}' : undefined);
    });
  }
  return {
    child,
    said,
    hears,
    logged: () => errors,
    async logs(text: string) {
      while (!errors.includes(text)) await once(child.stderr as NodeJS.ReadableStream, 'data');
    },
    exit: async () => (await Promise.all([exited, closed]))[0],
    post: (path: string) => send('POST', path),
    get: (path: string, agent: Agent) => send('GET', path, agent),
  };
}
