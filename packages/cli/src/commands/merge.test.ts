import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli, startCli } from '../cli-process.fixture.ts';

let folder: string;
let settings: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-merge-'));
  settings = join(folder, 'settings.json');
  writeFileSync(settings, '{"default": "resolveTheirs"}');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const conflict = '{"name": "r1", "base": {"a": 1}, "ours": {"a": 2}, "theirs": {"a": 3}}';

describe('flotilla merge', () => {
  test('answers each line in its order, and blank ones not at all', async () => {
    const input = `${conflict}\n\r\n{"name": "r2"}\n   \n{"name": "r3", "theirs": {}}`;
    const { code, out, err } = await runCli(['merge'], { input });

    expect([code, err]).toEqual([0, '']);
    expect(namesOf(out)).toEqual(['r1', 'r2', 'r3']);
    expect(JSON.parse(out.split('\n')[0] ?? '')).toMatchObject({ held: true });
  });

  test('goes by the settings of a file', async () => {
    const { code, out } = await runCli(['merge', '--settings', settings], { input: conflict });

    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ held: false, result: { a: 3 } });
  });

  test('merges whole sets', async () => {
    const input = '{"name": "s", "theirs": {"b": {}, "a": {}}}';
    const { code, out } = await runCli(['merge', '--set', '--settings', settings], { input });

    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ heldRecords: [], toOurs: [{ id: 'a' }, { id: 'b' }] });
  });

  test('answers nothing to nothing', async () => {
    expect(await runCli(['merge'], { input: '' })).toEqual({ code: 0, out: '', err: '' });
  });

  test('answers a line that cannot be merged with an error, goes on, and ends with exit code 1', async () => {
    const { code, out, err } = await runCli(['merge'], {
      input: `${conflict}\n\nnonsense\n{"name": "r4"}\n`,
    });
    const [first, second, third] = out.split('\n').map((line) => (line === '' ? '' : JSON.parse(line)));

    expect(code).toBe(1);
    expect([first.name, third.name]).toEqual(['r1', 'r4']);
    expect(second).toMatchObject({
      line: 3,
      error: { code: 'invalid_params', message: 'This line is no JSON' },
    });
    expect(err).toContain('1 line could not be merged');
  });

  test.each([
    ['{"default": "resolveTheir"}', 'resolveTheirs'],
    ['{"feilds": {}}', 'fields'],
    ['{"fields": {"name": "manual"}}', '/name'],
    ['[]', 'it is JSON, but no object'],
    ['{"default"', 'it is no JSON'],
  ])('refuses the settings %s before it reads a line', async (text, said) => {
    const path = join(folder, 'wrong.json');
    writeFileSync(path, text);
    const { code, out, err } = await runCli(['merge', '--settings', path], { input: conflict });

    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(said);
    expect(err).toContain(path);
    expect(err).toContain('→');
  });

  test('refuses settings that are not there, in JSON to a program', async () => {
    const { code, err } = await runCli(['merge', '--json', '--settings', join(folder, 'nowhere.json')], {
      input: '',
    });

    expect(code).toBe(1);
    expect(JSON.parse(err)).toMatchObject({ error: { data: { reason: 'there is no such file' } } });
  });

  test('takes more than it could keep in memory', async () => {
    const record = `{"text": "${'x'.repeat(10_000)}"}`;
    const line = `{"name": "r", "base": ${record}, "ours": ${record}, "theirs": ${record}}\n`;
    const { child, out, err, ended } = startCli(['merge'], {
      input: '',
      env: { NODE_OPTIONS: '--max-old-space-size=48' },
      isOpen: true,
    });
    for (let number = 0; number < 3_000; number++) {
      if (child.stdin?.write(line) === false) await once(child.stdin, 'drain');
    }
    child.stdin?.end();

    expect(await ended, err()).toBe(0);
    expect(namesOf(out())).toHaveLength(3_000);
  });

  test('ends quietly when its reader goes away', async () => {
    const input = `${conflict}\n`.repeat(50_000);
    const { child, err, ended } = startCli(['merge'], { input });
    child.stdin?.on('error', () => {});
    child.stdout?.once('data', () => child.stdout?.destroy());

    expect(await ended).toBe(0);
    expect(err()).toBe('');
  });

  test('is interrupted by Ctrl-C while it waits for lines', async () => {
    const { child, out, ended } = startCli(['merge'], { input: `${conflict}\n`, isOpen: true });
    while (!out().includes('r1')) await once(child.stdout ?? child, 'data');
    child.kill('SIGINT');

    expect(await ended).toBe(130);
  });
});

function namesOf(out: string): unknown[] {
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).name);
}
