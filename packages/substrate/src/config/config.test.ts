import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { isFailure } from '../failure/failure.ts';
import { configExitCode, defineConfig, describeProblems, readConfig, type SettingProblem } from './config.ts';

const settings = defineConfig({
  port: {
    env: 'PORT',
    schema: z.coerce.number().int().min(1).max(65_535).default(8080),
    about: 'The port to listen on.',
    example: '8080',
  },
  token: {
    env: 'FLOTILLA_TOKEN',
    schema: z.string().min(16),
    about: 'The token that callers send.',
    example: 'a-long-random-text',
    secret: true,
  },
  mode: {
    env: 'FLOTILLA_MODE',
    schema: z.enum(['local', 'google']),
    about: 'Which adapters to use.',
    example: 'local',
  },
  baseUrl: {
    env: 'FLOTILLA_URL',
    schema: z.url().optional(),
    about: 'Where others reach this service.',
    example: 'https://x.example',
  },
});
const good = { FLOTILLA_TOKEN: '0123456789abcdef', FLOTILLA_MODE: 'local' };

describe('settings', () => {
  test('are read from the environment, parsed, with defaults', () => {
    const config = readConfig(settings, { ...good, PORT: '9000' });

    expect(config).toEqual({ port: 9000, token: '0123456789abcdef', mode: 'local', baseUrl: undefined });
    expect(readConfig(settings, good).port).toBe(8080);
  });

  test('have the types of their schemas', () => {
    const config = readConfig(settings, good);
    const port: number = config.port;
    const mode: 'local' | 'google' = config.mode;

    expect([port, mode]).toEqual([8080, 'local']);
  });

  test('that are empty count as absent, as in compose files', () => {
    expect(readConfig(settings, { ...good, PORT: '', FLOTILLA_URL: '' })).toMatchObject({
      port: 8080,
      baseUrl: undefined,
    });
    expect(problemsOf({ ...good, FLOTILLA_MODE: '' })).toMatchObject([
      { env: 'FLOTILLA_MODE', found: 'is empty' },
    ]);
  });

  test('that are wrong are named all at once, with what was expected, an example, and what they are for', () => {
    expect(problemsOf({ PORT: 'eighty', FLOTILLA_URL: 'not a url' })).toEqual([
      {
        env: 'PORT',
        found: 'is "eighty"',
        expected: 'number',
        example: '8080',
        about: 'The port to listen on.',
      },
      {
        env: 'FLOTILLA_TOKEN',
        found: 'is not set',
        expected: 'string',
        example: 'a-long-random-text',
        about: 'The token that callers send.',
      },
      {
        env: 'FLOTILLA_MODE',
        found: 'is not set',
        expected: 'one of "local"|"google"',
        example: 'local',
        about: 'Which adapters to use.',
      },
      {
        env: 'FLOTILLA_URL',
        found: 'is "not a url"',
        expected: 'text of the format url',
        example: 'https://x.example',
        about: 'Where others reach this service.',
      },
    ]);
  });

  test('that are secret are never echoed, not even malformed', () => {
    const [problem] = problemsOf({ ...good, FLOTILLA_TOKEN: 'hunter2' });

    expect(problem?.found).toBe('is malformed (7 characters, not shown)');
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });

  test('whose name is misspelt are recognised, by name and never by value', () => {
    const [problem] = problemsOf({ FLOTILLA_MODE: 'local', FLOTILLA_TOKN: 'hunter2hunter2hunter2' });

    expect(problem?.hint).toBe('FLOTILLA_TOKN is set; is FLOTILLA_TOKEN meant?');
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });

  test('that a person reads about take one block each', () => {
    expect(describeProblems(problemsOf({ FLOTILLA_TOKEN: good.FLOTILLA_TOKEN, PORT: '0' }))).toBe(
      [
        '2 settings are missing or malformed:',
        '',
        '  PORT: is "0"',
        '      expected: number to be >=1',
        '      example:  PORT=8080',
        '      what for: The port to listen on.',
        '',
        '  FLOTILLA_MODE: is not set',
        '      expected: one of "local"|"google"',
        '      example:  FLOTILLA_MODE=local',
        '      what for: Which adapters to use.',
        '',
      ].join('\n'),
    );
  });
});

test('a program whose settings are wrong says so on stderr and exits with 78', () => {
  const program = `
    import { z } from 'zod';
    import { defineConfig, readConfigOrExit } from ${JSON.stringify(import.meta.resolve('./config.ts'))};
    readConfigOrExit(defineConfig({ a: { env: 'FLOTILLA_A', schema: z.string(), about: 'A.', example: 'x' }, b: { env: 'FLOTILLA_B', schema: z.string(), about: 'B.', example: 'y' } }));
    console.log('went on');
  `;

  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
    cwd: import.meta.dirname,
  });

  expect(status).toBe(configExitCode);
  expect(configExitCode).toBe(78);
  expect(stdout).toBe('');
  expect(stderr).toContain('FLOTILLA_A: is not set');
  expect(stderr).toContain('FLOTILLA_B: is not set');
});

function problemsOf(env: Record<string, string>): readonly SettingProblem[] {
  try {
    readConfig(settings, env);
  } catch (thrown) {
    if (isFailure(thrown, 'config_invalid')) return thrown.data.problems as readonly SettingProblem[];
    throw thrown;
  }
  throw new Error('the settings were accepted');
}
