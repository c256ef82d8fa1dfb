import { describe, expect, test } from 'vitest';
import { readConfig } from '../config/config.ts';
import { isFailure } from '../failure/failure.ts';
import { localSettings, mailSettingsIn, serviceUrlIn } from './fleet-settings.ts';

const least = {
  FLOTILLA_HOME: '/var/lib/flotilla',
  PORT: '8080',
  FLOTILLA_TOKEN: 'a-token-for-tests-0123456789',
  FLOTILLA_SERVICES: '{"control":"http://127.0.0.1:4101"}',
};

function problemsOf(environment: Readonly<Record<string, string | undefined>>) {
  try {
    readConfig(localSettings, environment);
  } catch (thrown) {
    if (isFailure(thrown, 'config_invalid'))
      return thrown.data.problems as readonly { readonly env: string; readonly hint?: string }[];
    throw thrown;
  }
  return [];
}

describe('the settings of a service', () => {
  test('are few where the rest is as in production: no private vendor hosts, long slices, a night that begins at once', () => {
    expect(readConfig(localSettings, least)).toEqual({
      stack: 'local',
      home: '/var/lib/flotilla',
      port: 8080,
      host: '127.0.0.1',
      tracesTo: undefined,
      tracesRatio: 1,
      token: 'a-token-for-tests-0123456789',
      services: { control: 'http://127.0.0.1:4101' },
      allowedHosts: [],
      sliceSeconds: 480,
      nightlySpreadSeconds: 0,
      logLevel: 'info',
      logFormat: 'json',
      parent: undefined,
    });
  });

  test('each say in one sentence what they decide, and give an example that would be accepted', () => {
    const settings = Object.values(localSettings);
    expect(new Set(settings.map(({ env }) => env)).size).toBe(settings.length);
    for (const { env, about, example, schema } of settings) {
      expect(env).toMatch(/^(FLOTILLA_|LOG_|OTEL_)[A-Z_]+$|^PORT$/);
      expect(about, env).toMatch(/^[A-Z].{10,}\.$/);
      expect(schema.safeParse(example).success, env).toBe(true);
    }
    expect(settings.filter((setting) => 'secret' in setting).map(({ env }) => env)).toEqual([
      'FLOTILLA_SMTP_URL',
      'FLOTILLA_TOKEN',
    ]);
  });

  test('that are missing are all named at once', () => {
    expect(problemsOf({}).map(({ env }) => env)).toEqual([
      'PORT',
      'FLOTILLA_SERVICES',
      'FLOTILLA_HOME',
      'FLOTILLA_TOKEN',
    ]);
  });

  test('that are misspelt are told with what was probably meant', () => {
    const { FLOTILLA_HOME: home, ...rest } = least;
    expect(problemsOf({ ...rest, FLOTILLA_HOEM: home })).toMatchObject([
      { env: 'FLOTILLA_HOME', found: 'is not set', hint: 'FLOTILLA_HOEM is set; is FLOTILLA_HOME meant?' },
    ]);
  });

  test.each([
    ['FLOTILLA_STACK', 'aws'],
    ['PORT', 'http'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['FLOTILLA_SERVICES', 'control=http://127.0.0.1:4101'],
    ['FLOTILLA_SERVICES', '["http://127.0.0.1:4101"]'],
    ['FLOTILLA_DASHBOARD_URL', 'flotilla.district.example'],
    ['FLOTILLA_DASHBOARD_URL', 'https://flotilla.district.example/dashboard'],
    ['FLOTILLA_SERVICES', '{"control":"127.0.0.1:4101"}'],
    ['FLOTILLA_SERVICES', '{"control":"file:///srv/control"}'],
    ['FLOTILLA_SERVICES', '{"control":"https://example.com/control"}'],
    ['FLOTILLA_SLICE_SECONDS', '-1'],
    ['FLOTILLA_SLICE_SECONDS', '0'],
    ['FLOTILLA_SLICE_SECONDS', '0.09'],
    ['FLOTILLA_SLICE_SECONDS', '1501'],
    ['FLOTILLA_SLICE_SECONDS', '8m'],
    ['FLOTILLA_NIGHTLY_SPREAD_SECONDS', 'Infinity'],
    ['LOG_LEVEL', 'verbose'],
    ['LOG_FORMAT', 'text'],
  ])('refuse %s=%s, and only that', (env, text) => {
    expect(problemsOf({ ...least, [env]: text })).toMatchObject([
      { env, found: `is ${JSON.stringify(text)}` },
    ]);
  });

  test.each(['0', '1501', 'eight minutes'])('say how long a slice may be when it is %s', (text) => {
    expect(problemsOf({ ...least, FLOTILLA_SLICE_SECONDS: text })).toMatchObject([
      { expected: 'a number of seconds from 0.1 to 1500' },
    ]);
  });

  test.each(['0.1', '1500'])('let a slice be %s seconds', (text) => {
    expect(readConfig(localSettings, { ...least, FLOTILLA_SLICE_SECONDS: text }).sliceSeconds).toBe(
      Number(text),
    );
  });

  test.each(['too-short', 'long enough but with spaces in it', 'länger-als-genug-aber-nicht-ascii'])(
    'refuse the token %j, which no header could carry or anybody could guess, without showing it',
    (token) => {
      const problems = problemsOf({ ...least, FLOTILLA_TOKEN: token });
      expect(problems).toMatchObject([{ env: 'FLOTILLA_TOKEN' }]);
      expect(JSON.stringify(problems)).not.toContain(token);
    },
  );

  test('take several vendor hosts, and none where the list is empty', () => {
    const hosts = (text: string) =>
      readConfig(localSettings, { ...least, FLOTILLA_ALLOWED_HOSTS: text }).allowedHosts;
    expect(hosts('127.0.0.1,localhost')).toEqual(['127.0.0.1', 'localhost']);
    expect(hosts(' 127.0.0.1, localhost ,')).toEqual(['127.0.0.1', 'localhost']);
    expect(hosts('')).toEqual([]);
    expect(hosts(',')).toEqual([]);
  });
});

describe('the place of a service', () => {
  const serviceUrl = serviceUrlIn({ control: 'http://127.0.0.1:4101/', oneroster: 'https://one.example' });

  test('is its origin', () => {
    expect(serviceUrl('control')).toBe('http://127.0.0.1:4101');
    expect(serviceUrl('oneroster')).toBe('https://one.example');
  });

  test.each(['clever', 'toString', '__proto__', ''])(
    'is not known for %j, and those that are known are named',
    (name) => {
      expect(() => serviceUrl(name)).toThrow(
        expect.objectContaining({
          code: 'config_invalid',
          data: { service: name, deployed: 'control, oneroster' },
        }),
      );
    },
  );
});

describe('the settings of mail', () => {
  const smtp = { FLOTILLA_SMTP_URL: 'smtps://flotilla:a-password@mail.district.example' };
  const from = { FLOTILLA_MAIL_FROM: 'Flotilla <flotilla@district.example>' };

  test('are both there, or nothing is sent', () => {
    expect(mailSettingsIn(readConfig(localSettings, { ...least, ...smtp, ...from }))).toEqual({
      smtpUrl: smtp.FLOTILLA_SMTP_URL,
      from: from.FLOTILLA_MAIL_FROM,
    });
    expect(mailSettingsIn(readConfig(localSettings, least))).toBeUndefined();
    expect(mailSettingsIn(readConfig(localSettings, { ...least, ...from }))).toBeUndefined();
  });

  test('name whom mails are from', () => {
    const settings = readConfig(localSettings, { ...least, ...smtp });
    expect(() => mailSettingsIn(settings)).toThrow('set FLOTILLA_MAIL_FROM too');
  });

  test.each([
    ['FLOTILLA_SMTP_URL', 'https://mail.district.example'],
    ['FLOTILLA_SMTP_URL', 'mail.district.example:25'],
    ['FLOTILLA_MAIL_FROM', 'Flotilla'],
    ['FLOTILLA_MAIL_FROM', 'Flotilla <flotilla@district.example>\r\nBcc: eve@elsewhere.example'],
    ['FLOTILLA_MAIL_FROM', 'ana@district.example, ben@district.example'],
  ])('refuse %s=%j', (env, value) => {
    expect(problemsOf({ ...least, [env]: value })).toMatchObject([{ env }]);
  });
});
