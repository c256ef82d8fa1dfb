import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type CliProcess, isAlive, runCli, startCli } from '../cli-process.fixture.ts';
import { createFakeServices } from '../fleet/fake-services.fixture.ts';
import { type FleetFile, readFleetFile } from '../fleet/fleet-file.ts';
import { keepFreePorts } from '../fleet/keep-free-ports.fixture.ts';

let folder: string;
let home: string;
let started: CliProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-dev-'));
  home = join(folder, 'home');
  started = [];
  createFakeServices(join(folder, 'services'), ['control', 'warehouse']);
});

afterEach(async () => {
  for (const { child, ended } of started) {
    child.kill('SIGKILL');
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

describe('dev', () => {
  test('starts one process a service and writes where they are, for its owner only, before it says so', async () => {
    await startDev();
    const { token, services } = fleetFile();

    expect(Object.keys(services)).toEqual(['control', 'warehouse']);
    expect(statSync(join(home, 'dev.json')).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, 'token')).mode & 0o777).toBe(0o600);
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    for (const { url, pid } of Object.values(services)) {
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      expect(isAlive(pid)).toBe(true);
    }
    expect(new Set(Object.values(services).map(({ pid }) => pid)).size).toBe(2);
  });

  test('starts only the vendors that it is told, and what every fleet needs beside them', async () => {
    createFakeServices(join(folder, 'services'), ['canvas', 'clever', 'oneroster']);

    await startDev('--services', 'oneroster,clever');

    expect(Object.keys(fleetFile().services)).toEqual(['clever', 'control', 'oneroster', 'warehouse']);
  });

  test('names the services that there are where one is asked for that is none', async () => {
    const { code, err } = await runCli(['dev', ...words(), '--services', 'contrl']);

    expect(code).toBe(1);
    expect(err).toContain('There are control, warehouse. Is control meant?');
  });

  test('tells each service where the others are, and nothing of another fleet', async () => {
    await startDev();
    const { services, token } = fleetFile();
    const environment = await (await fetch(`${services.control?.url}/environment`)).json();

    expect(environment).toMatchObject({
      FLOTILLA_STACK: 'local',
      FLOTILLA_HOME: home,
      FLOTILLA_TOKEN: token,
      FLOTILLA_PARENT: '1',
      FLOTILLA_ALLOWED_HOSTS: '127.0.0.1,localhost',
      FLOTILLA_SMTP_URL: expect.stringMatching(/^smtp:\/\/127\.0\.0\.1:\d+$/),
    });
    expect(JSON.parse(String(Reflect.get(environment as object, 'FLOTILLA_SERVICES')))).toEqual({
      control: services.control?.url,
      warehouse: services.warehouse?.url,
    });
  });

  test('starts a service again that was killed, on the same port, and says so', async () => {
    const dev = await startDev();
    const before = pidOf('control');

    process.kill(before, 'SIGKILL');

    await vi.waitFor(() => expect(pidOf('control')).not.toBe(before), patience);
    expect((await fetch(`${fleetFile().services.control?.url}/readyz`)).status).toBe(200);
    expect(dev.err()).toContain('"kind":"crashed","name":"control","how":"SIGKILL"');
  });

  test('survives every service being killed at once', async () => {
    await startDev();
    const before = allPids();

    for (const pid of before) process.kill(pid, 'SIGKILL');

    await vi.waitFor(() => expect(allPids().some((pid) => before.includes(pid))).toBe(false), patience);
  });

  test('ends at SIGTERM with 0, leaves nothing running and no dev.json', async () => {
    const dev = await startDev();
    const pids = allPids();

    dev.child.kill('SIGTERM');

    expect(await dev.ended).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(readFleetFile(home)).toBeUndefined();
  });

  test('killed itself, takes its services along, and the next one finds the home free, with the same token and ports', async () => {
    await keepFreePorts(home, ['control', 'warehouse']);
    const dev = await startDev();
    const before = fleetFile();

    dev.child.kill('SIGKILL');
    await dev.ended;
    await startDev();

    const after = fleetFile();
    // Whoever adopts orphans reaps them when it likes.
    const orphans = Object.values(before.services).map(({ pid }) => pid);
    await vi.waitFor(() => expect(orphans.filter(isAlive)).toEqual([]), patience);
    expect(after.token).toBe(before.token);
    expect(after.services.control?.url).toBe(before.services.control?.url);
    expect(after.services.control?.pid).not.toBe(before.services.control?.pid);
  });

  test('killed itself, leaves ports that its services still hold to them, and the next one waits for the same', async () => {
    await keepFreePorts(home, ['control', 'warehouse']);
    createFakeServices(join(folder, 'services'), ['control'], { lingering: ['control'] });
    const dev = await startDev();
    const { services } = fleetFile();

    dev.child.kill('SIGKILL');
    await dev.ended;
    await startDev();

    expect(fleetFile().services.control?.url).toBe(services.control?.url);
    expect(fleetFile().services.warehouse?.url).toBe(services.warehouse?.url);
  });

  test('on a home that another one holds says so and leaves that one alone', async () => {
    await startDev();
    const before = readFileSync(join(home, 'dev.json'), 'utf8');

    const second = await runCli(['dev', ...words()]);

    expect(second.code).toBe(1);
    expect(second.err).toContain('A fleet is running on this home already');
    expect(second.err).toContain('--home DIR');
    expect(readFileSync(join(home, 'dev.json'), 'utf8')).toBe(before);
  });

  test('gives up on a service that never starts, shows what it said last, and stops the others', async () => {
    createFakeServices(join(folder, 'services'), ['oneroster'], { failing: ['oneroster'] });

    const dev = await runCli(['dev', ...words()]);

    expect(dev.code).toBe(1);
    expect(dev.err).toContain('A service does not start');
    expect(dev.err).toContain('service: oneroster');
    expect(dev.err).toContain('the settings are not good');
    expect(readFleetFile(home)).toBeUndefined();
  });

  test('takes the ports that it is told, or says which one is not free', async () => {
    await startDev();
    const taken = Number(new URL(fleetFile().services.control?.url ?? '').port);

    const other = await runCli(['dev', ...words(), '--home', `${home}2`, '--port-base', String(taken)]);

    expect(other.code).toBe(1);
    expect(other.err).toContain('A port that was asked for is not free');
    expect(other.err).toContain(`port: ${taken}`);
  });

  test('refuses a folder without services', async () => {
    const dev = await runCli(['dev', '--home', home, '--folder', join(folder, 'nothing'), '--json']);

    expect(dev.code).toBe(1);
    expect(JSON.parse(dev.err)).toMatchObject({ error: { code: 'config_invalid' } });
  });
});

describe('call', () => {
  test('prints the result of a method, with parameters from the command line or standard input', async () => {
    await startDev();

    const fromArgument = await runCli(['call', 'control', 'echo.v1', '{"a": 1}', '--home', home]);
    const fromInput = await runCli(['call', 'control', 'echo.v1', '-', '--home', home], {
      input: '{"a": 2}',
    });

    expect([fromArgument.code, JSON.parse(fromArgument.out)]).toEqual([0, { a: 1 }]);
    expect([fromInput.code, JSON.parse(fromInput.out)]).toEqual([0, { a: 2 }]);
  });

  test('tells an error with its data on standard error and ends with 1', async () => {
    await startDev();

    const text = await runCli(['call', 'control', 'ecko.v1', '{}', '--home', home]);
    const json = await runCli(['call', 'control', 'ecko.v1', '{}', '--home', home, '--json']);

    expect([text.code, text.out]).toEqual([1, '']);
    expect(text.err).toContain('Error: Method not found');
    expect(text.err).toContain('didYouMean: echo.v1');
    expect(json.code).toBe(1);
    expect(JSON.parse(json.err)).toEqual({
      error: { code: -32601, message: 'Method not found', data: { didYouMean: 'echo.v1' } },
    });
  });

  test('names the services there are when there is none of that name', async () => {
    await startDev();

    const { code, err } = await runCli(['call', 'contrl', 'echo.v1', '--home', home]);

    expect(code).toBe(1);
    expect(err).toContain('There are control, warehouse. Is control meant?');
  });
});

const patience = { timeout: 15_000, interval: 50 };

function words(): readonly string[] {
  return ['--home', home, '--folder', join(folder, 'services')];
}

async function startDev(...more: readonly string[]): Promise<CliProcess> {
  const dev = startCli(['dev', ...words(), '--json', ...more]);
  started.push(dev);
  await Promise.race([
    vi.waitFor(() => expect(dev.out()).toContain('\n'), patience),
    dev.ended.then((code) => {
      throw new Error(`dev ended with ${code}: ${dev.err()}`);
    }),
  ]);
  return dev;
}

function fleetFile(): FleetFile {
  const file = readFleetFile(home);
  if (file === undefined) throw new Error('There is no dev.json');
  return file;
}

function pidOf(service: string): number {
  return fleetFile().services[service]?.pid ?? 0;
}

function allPids(): readonly number[] {
  return Object.values(fleetFile().services).map(({ pid }) => pid);
}
