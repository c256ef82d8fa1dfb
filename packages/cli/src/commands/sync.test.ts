import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type CliProcess, runCli, startCli } from '../cli-process.fixture.ts';
import { keepFreePorts } from '../fleet/keep-free-ports.fixture.ts';
import type { SimulatorFacts } from './simulate.ts';

const noGradebook = ['categories', 'lineItems', 'results'].flatMap((list) => [
  '--fault',
  `GET /${list}: 404 times=always`,
]);

let folder: string;
let home: string;
interface ProviderFacts extends SimulatorFacts {
  readonly connection: { readonly baseUrl: string; readonly version: string };
}

let dev: CliProcess;
let simulator: CliProcess;
let facts: ProviderFacts;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-sync-'));
  home = join(folder, 'home');
  await keepFreePorts(home);
  dev = startCli(['dev', '--home', home, '--json', '--services', 'oneroster']);
  simulator = startCli(['simulate', 'oneroster', '--port', '0', '--students', '40', '--json']);
  await vi.waitUntil(() => dev.out().includes('\n'), { timeout: 30_000 });
  await vi.waitUntil(() => simulator.out().includes('\n'), { timeout: 30_000 });
  facts = JSON.parse(simulator.out());
  writeFileSync(join(folder, 'credential.json'), JSON.stringify(facts.credential), { mode: 0o600 });
});

afterAll(async () => {
  for (const { child, ended } of [dev, simulator]) {
    child.kill('SIGTERM');
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

describe('a newcomer with a simulated provider', () => {
  test('connects, as often as wanted, and hears that it works', async () => {
    const first = await connect('--name', 'Springfield Schools', '--time-zone', 'America/Chicago');
    const again = await connect();

    expect([first.code, first.err]).toEqual([0, '']);
    expect(first.out).toContain('springfield  new');
    expect(first.out).toContain('connection   works');
    expect(again.code).toBe(0);
    expect(again.out).toContain('springfield  unchanged');
    const { out } = await flotilla('call', 'control', 'customers.list.v1');
    expect(JSON.parse(out).customers).toMatchObject([
      { customerId: 'springfield', name: 'Springfield Schools', timeZone: 'America/Chicago' },
    ]);
  });

  test('hears why a connection does not work, and what to do', async () => {
    const { code, err } = await flotilla(
      'connect',
      'shelbyville',
      'oneroster',
      '--base-url',
      'http://127.0.0.1:1',
      '--credential',
      join(folder, 'credential.json'),
    );

    expect(code).toBe(1);
    expect(err).toContain('Everything is stored, but the connection does not work');
    expect(err).toContain('Then connect again with the same words');
    expect(err).not.toContain(facts.credential.clientSecret);
  });

  test('hears how to start a vendor that the fleet was started without', async () => {
    const { code, err } = await flotilla('connect', 'springfield', 'clever', '--credential', '-');

    expect(code).toBe(1);
    expect(err).toContain('There are oneroster. To start this one too:');
    expect(err).toContain('dev --services oneroster,clever');
  });

  test('sees first what a sync would do, and finds that nothing was written', async () => {
    const words = ['--dry-run', '--entity-type', 'org'];
    const { code, out } = await flotilla('sync', 'springfield', 'oneroster', ...words);
    const [orgs] = await query('SELECT count(*) AS count FROM org_current');

    expect(code).toBe(0);
    expect(out).toContain('A dry run, nothing was changed.');
    expect(out).toContain(`${facts.counts.orgs} created, 0 updated, 0 deleted on our side`);
    expect(out.match(/create org .+ \(\S+\) on our side {3}\(theirs changed\)/g)).toHaveLength(
      facts.counts.orgs ?? 0,
    );
    expect(orgs).toEqual({ count: 0 });
  });

  test('syncs, sees what was read, and gets the reports of rosters and gradebook when the warehouse has everything', async () => {
    const { code, out, err } = await flotilla('sync', 'springfield', 'oneroster', '--wait');
    const [users] = await query('SELECT count(*) AS count FROM user_current');
    const [results] = await query('SELECT count(*) AS count FROM result_current');

    expect(code).toBe(0);
    expect(err).toMatch(/user: \d+ read, \d+ created/);
    expect(out.match(/springfield \/ oneroster: All is well\./g)).toHaveLength(2);
    expect(out.indexOf('rosters.sync.v1')).toBeLessThan(out.indexOf('grades.sync.v1'));
    expect(users).toEqual({ count: facts.counts.users });
    expect(results).toEqual({ count: facts.counts.results });
    expect(facts.counts.results).toBeGreaterThan(0);
  });

  test("sees a record's history, and finds that nothing waits for a decision", async () => {
    const history = await flotilla('history', 'user', 'stu-000001', '--customer', 'springfield', '--json');
    const [created] = JSON.parse(history.out).changes;
    expect(created).toMatchObject({ action: 'create', run: { method: 'rosters.sync.v1' } });

    const conflicts = await flotilla('conflicts', '--customer', 'springfield');
    const held = await flotilla('held');
    const approved = await flotilla('approve', created.runId);

    expect([conflicts.code, conflicts.out]).toEqual([0, 'No conflicts.\n']);
    expect([held.code, held.out]).toEqual([0, 'No run is held.\n']);
    expect(approved.err).toContain('No such run is held');
  });

  test('syncs grades, or one entity type, and hears that nothing had changed', async () => {
    const grades = await flotilla('sync', 'springfield', 'oneroster', '--wait', '--grades');
    const words = ['--wait', '--entity-type', 'user', '--entity-type', 'result', '--json'];
    const both = await flotilla('sync', 'springfield', 'oneroster', ...words);

    expect(grades.code).toBe(0);
    expect(grades.out).toContain('grades.sync.v1');
    expect(grades.out).not.toContain('rosters.sync.v1');
    expect([both.code, both.err]).toEqual([0, '']);
    expect(JSON.parse(both.out)).toMatchObject({
      runs: [
        {
          state: 'succeeded',
          totals: { received: facts.counts.users, created: 0, updated: 0, deleted: 0 },
          steps: [{ entityType: 'user' }],
        },
        { state: 'succeeded', steps: [{ entityType: 'result' }] },
      ],
    });
  });

  test('whose provider has no gradebook hears so in one line, and of a failure only by asking for it', async () => {
    const provider = startCli([
      'simulate',
      'oneroster',
      '--port',
      '0',
      '--students',
      '5',
      '--json',
      ...noGradebook,
    ]);
    try {
      await vi.waitUntil(() => provider.out().includes('\n'), { timeout: 30_000 });
      const {
        connection: { baseUrl },
        credential,
      }: ProviderFacts = JSON.parse(provider.out());
      const words = ['connect', 'ogdenville', 'oneroster', '--base-url', baseUrl, '--credential', '-'];
      await runCli([...words, '--home', home], { input: JSON.stringify(credential) });

      const all = await flotilla('sync', 'ogdenville', 'oneroster', '--wait');
      const grades = await flotilla('sync', 'ogdenville', 'oneroster', '--wait', '--grades');

      expect(all.code).toBe(0);
      expect(all.out).toContain('ogdenville / oneroster: All is well.');
      expect(all.out.trimEnd().split('\n').at(-1)).toBe('No gradebook: the provider has none of its lists.');
      expect(grades.code).toBe(1);
      expect(grades.out).toContain('Failed: The vendor has none of the lists that were asked for');
    } finally {
      provider.child.kill('SIGTERM');
      await provider.ended;
    }
  });

  test('starts a run without waiting, lists it, and opens its report by the beginning of its id', async () => {
    const started = await flotilla('sync', 'springfield', 'oneroster', '--rosters');
    const runId = started.out.trim();
    expect(runId).toMatch(/^[0-9a-f-]{36}$/);
    await vi.waitFor(
      async () => {
        const { out } = await flotilla('runs', 'springfield', '--json');
        expect(JSON.parse(out)[0]).toMatchObject({ runId, state: 'succeeded' });
      },
      { timeout: 30_000, interval: 500 },
    );

    const runs = await flotilla('runs');
    const report = await flotilla('report', runId.slice(0, 8));

    expect(runs.out).toContain(runId.slice(0, 8));
    expect(runs.out).toContain('succeeded');
    expect(report.out).toContain(`run ${runId}`);
    expect(report.out).toContain('nothing had changed');
  });

  test('starts the runs of rosters and gradebook without waiting, and has their ids in that order', async () => {
    const { code, out } = await flotilla('sync', 'springfield', 'oneroster', '--json');
    const started = JSON.parse(out).runs;
    const listed = JSON.parse((await flotilla('runs', 'springfield', '--json')).out);

    expect(code).toBe(0);
    expect(started).toMatchObject([{ method: 'rosters.sync.v1' }, { method: 'grades.sync.v1' }]);
    expect(listed).toEqual(
      expect.arrayContaining([expect.objectContaining(started[0]), expect.objectContaining(started[1])]),
    );
  });

  test('sees an old version of a method and the newer one answer alike, of every entity type that has been synced', async () => {
    const words = ['shadow', 'oneroster', 'records.read', '--customer', 'springfield'];
    const text = await flotilla(...words, '--sample', '2');
    const json = await flotilla(...words, '--json', '{"entityType": "user", "recordId": "nobody"}');
    const wrong = await flotilla('shadow', 'oneroster', 'record.read', '--customer', 'springfield');

    expect([text.code, text.err]).toEqual([0, '']);
    expect(text.out).toMatch(/records\.read\.v1 and records\.read\.v2, (1\d|20) calls of each: all alike/);
    expect(json.code).toBe(0);
    expect(JSON.parse(json.out)).toMatchObject({
      older: 'records.read.v1',
      newer: 'records.read.v2',
      calls: [{ params: { customerId: 'springfield', recordId: 'nobody' }, differences: [] }],
    });
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain('Is records.read meant?');
  });

  test('hears which integrations there are, and that a run is unknown', async () => {
    const sync = await flotilla('sync', 'springfield', 'onerostr');
    const report = await flotilla('report', 'ffffffff-0000');

    expect(sync.code).toBe(1);
    expect(sync.err).toContain('The customer has oneroster. Is oneroster meant?');
    expect(report.code).toBe(1);
    expect(report.err).toContain('There is no such run');
  });

  test('hears what is wrong with a query, and cannot write with one', async () => {
    const wrong = await flotilla('query', 'SELECT nme FROM user_current');
    const writing = await flotilla('query', 'DROP TABLE user_changes_raw');

    expect([wrong.code, writing.code]).toEqual([1, 1]);
    expect(wrong.err).toContain('nme');
    expect(writing.err).toContain('→');
  });
});

function flotilla(...words: readonly string[]) {
  return runCli([...words, '--home', home]);
}

function connect(...more: readonly string[]) {
  const credential = join(folder, 'credential.json');
  const words = ['connect', 'springfield', 'oneroster', '--base-url', facts.connection.baseUrl];
  return flotilla(...words, '--credential', credential, ...more);
}

async function query(sql: string): Promise<readonly unknown[]> {
  const { out } = await flotilla('query', sql, '--json');
  return JSON.parse(out).rows;
}
