import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from './cli-process.fixture.ts';

let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'flotilla-empty-'));
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

const commands = [
  'demo',
  'dev',
  'connect',
  'sync',
  'runs',
  'report',
  'conflicts',
  'resolve',
  'held',
  'approve',
  'reject',
  'revert',
  'history',
  'dead-letters',
  'query',
  'merge',
  'call',
  'shadow',
  'new-vendor',
];

describe('every command', () => {
  test.each([...commands.map((name) => [name]), ['simulate', 'oneroster']])(
    '%s %s explains itself and knows --json',
    async (...words) => {
      const { code, out, err } = await runCli([...words.filter((word) => word !== undefined), '--help']);

      expect([code, err]).toEqual([0, '']);
      expect(out).toContain('Usage: flotilla');
      expect(out).toContain('--json');
    },
  );

  test.each([
    ['runs'],
    ['report', 'abc'],
    ['conflicts'],
    ['resolve', 'abc=ours'],
    ['held'],
    ['approve', 'abc'],
    ['reject', 'abc', '--reason', 'x'],
    ['revert', 'abc'],
    ['history', 'user', 'u1'],
    ['dead-letters'],
    ['query', 'SELECT 1'],
    ['call', 'control'],
    ['sync', 'a', 'b'],
    ['shadow', 'oneroster', 'records.read', '--customer', 'a'],
    ['connect', 'a', 'oneroster', '--base-url', 'http://x', '--credential', '-'],
  ])('%s says how to start a fleet when none runs', async (...words) => {
    const { code, out, err } = await runCli([...words, '--home', home], { input: '{}' });

    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('No fleet is running here');
    expect(err).toContain('npm run --silent flotilla -- dev');
  });
});

describe('a wrong command line', () => {
  test.each([
    [['runz'], 'Did you mean runs?'],
    [['runs', '--limt', '3'], 'Did you mean --limit?'],
    [['runs', '--state', 'fine'], 'Allowed choices are queued'],
    [['runs', '--since', 'yesterday'], 'such as 2026-01-31'],
    [['reject', 'abc'], "required option '--reason <text>' not specified"],
    [['resolve', 'abc'], 'This is no decision'],
    [['resolve', 'abc=our'], 'CONFLICT=theirs'],
    [['runs', '--limit', '0'], 'a whole number from 1'],
    [['runs', '--limit', '1e3'], 'a whole number from 1'],
    [['sync', 'a'], "missing required argument 'integration'"],
    [
      ['new-vendor', 'acme', '--auth', 'ldap', '--paging', 'link'],
      'Allowed choices are bearer, basic, oauth2, oauth1, api-key',
    ],
    [['new-vendor', 'oneroster', '--auth', 'basic', '--paging', 'link'], 'There is a folder of this name'],
    [['connect', 'a', 'oneroster'], "required option '--credential <file>' not specified"],
    [['simulate', 'onerooster'], 'Did you mean oneroster?'],
    [['simulate', 'oneroster', '--version', '2'], 'Allowed choices are 1.1, 1.2'],
    [['simulate', 'oneroster', '--quirk', 'odd'], 'no-total-count'],
    [['simulate', 'oneroster', '--version', '1.2', '--auth', 'oauth1'], 'OneRoster 1.2 knows OAuth 2 only'],
    [['simulate', 'oneroster', '--data', 'nowhere.zip'], 'no such folder or ZIP file'],
    [['simulate', 'oneroster', '--fault', 'boom'], 'Not a fault'],
  ])('%j is refused with %j', async (words, reason) => {
    const { code, out, err } = await runCli(words);

    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(reason);
    expect(err).toContain('→');
  });

  test('is told in JSON to a program', async () => {
    const { code, err } = await runCli(['runs', '--limt', '3', '--json']);

    expect(code).toBe(1);
    expect(JSON.parse(err)).toMatchObject({
      error: { code: 'invalid_params', message: "unknown option '--limt' (Did you mean --limit?)" },
    });
  });

  test('without any words is answered with the help, and is no success', async () => {
    const { code, out, err } = await runCli([]);

    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('Commands:');
  });
});
