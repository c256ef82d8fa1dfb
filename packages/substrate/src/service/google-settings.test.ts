import { describe, expect, test } from 'vitest';
import { readConfig } from '../config/config.ts';
import { isFailure } from '../failure/failure.ts';
import { googleSettings } from './google-settings.ts';

const least = {
  FLOTILLA_STACK: 'google',
  PORT: '8080',
  FLOTILLA_SERVICES: '{"control":"https://control.example"}',
  GOOGLE_CLOUD_PROJECT: 'district-flotilla',
  FLOTILLA_REGION: 'us-central1',
  FLOTILLA_SPANNER: 'flotilla/fleet',
  FLOTILLA_DATASET: 'flotilla',
  FLOTILLA_KEY_RING: 'flotilla',
  FLOTILLA_TASKS_ACCOUNT: 'tasks@district-flotilla.iam.gserviceaccount.com',
  FLOTILLA_CALLERS: '{"tasks@district-flotilla.iam.gserviceaccount.com":"tasks"}',
};

function problemsOf(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  try {
    readConfig(googleSettings, environment);
  } catch (thrown) {
    if (isFailure(thrown, 'config_invalid'))
      return (thrown.data.problems as readonly { readonly env: string }[]).map(({ env }) => env);
    throw thrown;
  }
  return [];
}

describe('the settings of a service in Google Cloud', () => {
  test('need neither a home nor a token of the fleet', () => {
    const config = readConfig(googleSettings, least);
    expect(config).toMatchObject({
      stack: 'google',
      project: 'district-flotilla',
      spanner: { instanceId: 'flotilla', databaseId: 'fleet' },
      callers: { 'tasks@district-flotilla.iam.gserviceaccount.com': 'tasks' },
      emulators: undefined,
    });
    expect(config).not.toHaveProperty('home');
  });

  test('let nobody in to pages by default, and people and whole domains by name', () => {
    expect(readConfig(googleSettings, least)).toMatchObject({ iapAudience: undefined, people: {} });
    const people = { 'ana@district.example': 'admin', '@district.example': 'viewer' };
    const config = readConfig(googleSettings, { ...least, FLOTILLA_PEOPLE: JSON.stringify(people) });
    expect(config.people).toEqual(people);
  });

  test('each say in one sentence what they decide, and give an example that would be accepted', () => {
    const settings = Object.values(googleSettings);
    expect(new Set(settings.map(({ env }) => env)).size).toBe(settings.length);
    for (const { env, about, example, schema } of settings) {
      expect(about, env).toMatch(/^[A-Z].{10,}\.$/);
      expect(schema.safeParse(example).success, env).toBe(true);
    }
  });

  test('that are missing are all named at once', () => {
    expect(problemsOf({})).toEqual([
      'PORT',
      'FLOTILLA_SERVICES',
      'GOOGLE_CLOUD_PROJECT',
      'FLOTILLA_REGION',
      'FLOTILLA_SPANNER',
      'FLOTILLA_DATASET',
      'FLOTILLA_KEY_RING',
      'FLOTILLA_TASKS_ACCOUNT',
      'FLOTILLA_CALLERS',
    ]);
  });

  test.each([
    ['GOOGLE_CLOUD_PROJECT', 'P'],
    ['FLOTILLA_REGION', 'Europe'],
    ['FLOTILLA_SPANNER', 'projects/p/instances/i/databases/d'],
    ['FLOTILLA_DATASET', 'my-dataset'],
    ['FLOTILLA_TASKS_ACCOUNT', 'tasks'],
    ['FLOTILLA_CALLERS', 'tasks@example.org=tasks'],
    ['FLOTILLA_CALLERS', '{"tasks@example.org":"root"}'],
    ['FLOTILLA_CALLERS', '{"everybody":"viewer"}'],
    ['FLOTILLA_EMULATORS', '{"spanner":"127.0.0.1:9010"}'],
    ['FLOTILLA_IAP_AUDIENCE', 'https://dashboard.example'],
    ['FLOTILLA_IAP_AUDIENCE', '/projects/district-flotilla/locations/us-central1/services/dashboard'],
    ['FLOTILLA_PEOPLE', 'ana@district.example'],
    ['FLOTILLA_PEOPLE', '{"ana":"viewer"}'],
    ['FLOTILLA_PEOPLE', '{"@":"viewer"}'],
    ['FLOTILLA_PEOPLE', '{"ana@district.example":"scheduler"}'],
  ])('refuse %s=%s, and only that', (env, text) => {
    expect(problemsOf({ ...least, [env]: text })).toEqual([env]);
  });
});
