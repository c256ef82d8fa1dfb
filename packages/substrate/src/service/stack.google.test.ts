import { describe, expect, test } from 'vitest';
import { createManualClock } from '../clock/clock.manual.ts';
import { readConfig } from '../config/config.ts';
import { createLog } from '../observability/create-log.ts';
import { createSecrets } from '../observability/secrets.ts';
import { googleSettings } from './google-settings.ts';
import { openGoogleStack } from './stack.google.ts';

const least = {
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
const emulators = {
  spanner: '127.0.0.1:9010',
  pubsub: '127.0.0.1:8085',
  cloudTasks: 8123,
  kms: 8124,
  bigquery: 'http://127.0.0.1:9050',
  certificates: 'http://127.0.0.1:8125/certificates',
  pushTo: 'http://127.0.0.1:8125/push/',
  token: 'token-of-the-emulated-fleet',
};
const assertion = { 'x-goog-iap-jwt-assertion': 'an assertion' };

/** The people of a service with these settings; nothing is called before somebody signs in. */
async function openPeople(settings: Readonly<Record<string, string>>) {
  const clock = createManualClock();
  const secrets = createSecrets();
  const log = createLog({ service: 'control', version: '0', clock, secrets, format: 'json' });
  const definition = { name: 'control', mayUnwrap: false };
  const config = readConfig(googleSettings, { ...least, ...settings });
  const stack = await openGoogleStack(config, { clock, log, secrets, definition });
  return stack.openPeople('https://dashboard.example');
}

describe('the people of a service in Google Cloud', () => {
  test('are none where it is not behind Identity-Aware Proxy, whatever is sent', async () => {
    expect(await openPeople({ FLOTILLA_PEOPLE: '{"ana@district.example":"admin"}' })).toBeUndefined();
  });

  test('are known by what the proxy signs, and make no links, where it is', async () => {
    const people = await openPeople({
      FLOTILLA_IAP_AUDIENCE: '/projects/1/locations/us-central1/services/dashboard',
    });
    expect(people?.find(assertion)).toBe('an assertion');
    expect(people?.links).toBeUndefined();
  });

  test('sign in with links on emulators, as on one machine', async () => {
    const people = await openPeople({ FLOTILLA_EMULATORS: JSON.stringify(emulators) });
    expect(people?.find(assertion)).toBeUndefined();
    expect(people?.links?.create({ name: 'Ana', role: 'viewer' }).url).toMatch(
      /^https:\/\/dashboard\.example\/sign-in#/,
    );
  });
});
