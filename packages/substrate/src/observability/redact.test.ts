import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Failure } from '../failure/failure.ts';
import { isSecretName, redact } from './redact.ts';
import { redactText } from './redact-text.ts';
import { createSecrets } from './secrets.ts';

const canary = 'c4nary-9f8e7d6c5b4a';

describe('names', () => {
  test.each([
    'authorization',
    'Authorization',
    'Proxy-Authorization',
    'token',
    'accessToken',
    'access_token',
    'refresh-token',
    'idToken',
    'secret',
    'client_secret',
    'clientSecret',
    'consumerSecret',
    'password',
    'PASSWORD',
    'userPassword',
    'passwd',
    'passphrase',
    'credential',
    'credentials',
    'apiKey',
    'api_key',
    'X-Api-Key',
    'x-apikey',
    'privateKey',
    'cookie',
    'Set-Cookie',
    'oauth_signature',
    'sid',
    'jwt',
    'sessionToken',
  ])('%s is the name of a secret, and its value is not shown', (name) => {
    expect(isSecretName(name)).toBe(true);
    expect(redact({ outer: [{ [name]: canary }] })).toEqual({ outer: [{ [name]: '[redacted]' }] });
  });

  test.each([
    'tokenUrl',
    'token_type',
    'credentialId',
    'nextPageToken',
    'tokenExpiresAt',
    'tokensUsed',
    'secretVersion',
    'key',
    'author',
    'side',
    'message',
    'username',
  ])('%s is not, and its value is', (name) => {
    expect(redact({ [name]: 'https://vendor.example' })).toEqual({ [name]: 'https://vendor.example' });
  });

  test('a secret that is an object or a number is replaced as a whole; whether there is one may be told', () => {
    expect(
      redact({
        credential: { user: canary, x: 1 },
        password: 12345678,
        token: null,
        secret: false,
        cookie: '',
      }),
    ).toEqual({
      credential: '[redacted]',
      password: '[redacted]',
      token: null,
      secret: false,
      cookie: '',
    });
  });
});

describe('texts', () => {
  test.each([
    ['a bearer token', `GET /users failed, sent Bearer ${canary}`],
    ['a basic header', `sent Basic ${Buffer.from(`u:${canary}`).toString('base64')}`],
    ['an authorization header of any scheme', `> Authorization: ${canary}`],
    ['an authorization header in JSON', `{"headers":{"Authorization":"Custom ${canary}"}}`],
    [
      'an authorization header in JSON in JSON',
      JSON.stringify({ body: JSON.stringify({ authorization: `Custom ${canary}` }) }),
    ],
    [
      'an OAuth 1 header',
      `Authorization: OAuth oauth_consumer_key="k", oauth_nonce="n", oauth_signature="${canary}", oauth_version="1.0"`,
    ],
    ['an OAuth 1 signature alone', `oauth_version="1.0",oauth_signature="${canary}"`],
    ['a cookie', `set-cookie: sid=${canary}; HttpOnly`],
    ['a JWT', `claims eyJhbGciOiJSUzI1NiJ9.eyJ${canary}.sig`],
    ['a query parameter', `GET https://vendor.example/users?limit=1&access_token=${canary}&offset=2`],
    ['a form', `grant_type=client_credentials&client_secret=${canary}`],
    ['a JSON body', `{"grant":"x","client_secret":"${canary}"}`],
    ['a JSON body in JSON', JSON.stringify({ body: `{"password":"${canary}"}` })],
    ['the user part of a URL', `https://admin:${canary}@vendor.example/ims`],
    ['a private key', `-----BEGIN PRIVATE KEY-----\n${canary}\n-----END PRIVATE KEY-----`],
    ['a private key that was cut', `-----BEGIN RSA PRIVATE KEY-----\n${canary.replaceAll('-', '+')}`],
  ])('%s is replaced', (_name, text) => {
    const shown = redactText(text);

    expect(shown).not.toContain(canary);
    expect(shown).not.toContain(canary.replaceAll('-', '+'));
    expect(shown).not.toContain(Buffer.from(`u:${canary}`).toString('base64'));
    expect(shown).toContain('[redacted]');
  });

  test('what stands around a secret in a URL stays readable', () => {
    expect(redactText(`GET https://v.example/users?limit=1&access_token=${canary}&offset=2`)).toBe(
      'GET https://v.example/users?limit=1&access_token=[redacted]&offset=2',
    );
  });

  test.each([
    'The vendor refuses the stored credentials. Enter new ones, then run the connection check.',
    'Send a valid token in the Authorization header.',
    'https://vendor.example/ims/oneroster/v1p1/users?limit=100&offset=200&filter=status%3D%27active%27',
    'customer=c-1 integration=i-1 2026-01-01T00:00:00.000Z basic training',
    'postgres://host/db?x=user@example.org',
  ])('%j says no secret and stays as it is', (text) => {
    expect(redactText(text)).toBe(text);
  });

  test('redacting twice changes nothing more', () => {
    const text = `Authorization: Bearer ${canary}\nCookie: a=b\n?token=${canary} "password":"${canary}"`;

    expect(redactText(redactText(text))).toBe(redactText(text));
  });

  test('a very long text is cut, but only after registered values were replaced in all of it', () => {
    const text = `${'x'.repeat(16_380)}${canary}${'y'.repeat(100_000)}`;

    const shown = redactText(text, [canary]);

    expect(shown.length).toBeLessThan(17_000);
    expect(shown).not.toContain('c4n');
    expect(shown).toContain(`[${text.length} characters]`);
  });

  test.each([
    ['"', 'token="'],
    ['a', 'authorization: a"'],
    ['://', 'x://'],
    ['a@', 'http://a'],
    ['-', '-----BEGIN PRIVATE KEY-----'],
    ['eyJ', 'eyJaaaaaaaaa.'],
    ['password=', ''],
  ])('a hostile text of many %j takes no time', (part, head) => {
    const start = performance.now();

    redactText(head + part.repeat(200_000));

    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe('registered values', () => {
  test('are replaced in every form in which they travel', () => {
    const value = 'p@ss "wörd" (1)*';
    const secrets = createSecrets();
    secrets.add(value);
    const forms = [
      value,
      JSON.stringify({ value }),
      JSON.stringify(value),
      encodeURIComponent(value),
      new URLSearchParams({ q: value }).toString(),
      Buffer.from(value).toString('base64'),
      Buffer.from(value).toString('base64url'),
    ];

    for (const form of forms)
      expect(redactText(`before ${form} after`, secrets.values)).toMatch(/^before .*\[redacted\].* after$/);
  });

  test('are replaced in names, numbers, messages, stacks, causes, aggregate errors, maps, sets and URLs', () => {
    const inner = new AggregateError([new Error(`one ${canary}`)], `many ${canary}`);
    const error = new Failure('credentials_rejected', 'The vendor refused', {
      data: { sent: canary },
      cause: new Error(canary, { cause: inner }),
    });
    const secrets = [canary, '987654321'];

    const shown = JSON.stringify(
      redact(
        {
          [`x-${canary}`]: 987654321,
          error,
          map: new Map([['k', canary]]),
          set: new Set([canary]),
          url: new URL(`https://v.example/${canary}`),
        },
        secrets,
      ),
    );

    expect(shown).not.toContain(canary);
    expect(shown).not.toContain('987654321');
    expect(shown).toContain('The vendor refused');
  });

  test('are taken back by who added them, and only once', () => {
    const secrets = createSecrets();
    const removeFirst = secrets.add(canary);
    const removeSecond = secrets.add(canary);

    removeFirst();
    removeFirst();
    expect(redactText(canary, secrets.values)).toBe('[redacted]');

    removeSecond();
    expect(redactText(canary, secrets.values)).toBe(canary);
  });

  test('leave nothing of a longer one that contains a shorter one', () => {
    const secrets = createSecrets();
    secrets.add('abcd', 'abcd-efgh-ijkl');

    expect(redactText('sent abcd-efgh-ijkl', secrets.values)).toBe('sent [redacted]');
  });

  test('under four characters are passed over, since they occur in half of all words', () => {
    const secrets = createSecrets();
    secrets.add('a', '', 'xyz');

    expect(secrets.values).toEqual([]);
  });
});

describe('anything at all', () => {
  test('becomes plain JSON with remarks', () => {
    const circle: Record<string, unknown> = { n: 1 };
    circle.self = circle;
    const value = {
      circle,
      big: 10n,
      bytes: Buffer.from(canary),
      when: new Date(0),
      never: new Date(Number.NaN),
      nan: Number.NaN,
      left: undefined,
      act: () => canary,
      list: [undefined, Symbol('x')],
      get thrower() {
        return new Proxy(
          {},
          {
            ownKeys: () => {
              throw new Error(canary);
            },
          },
        );
      },
    };

    expect(redact(value)).toEqual({
      circle: { n: 1, self: '[circular]' },
      big: '10',
      bytes: '[19 bytes]',
      when: '1970-01-01T00:00:00.000Z',
      never: '[invalid date]',
      nan: '[NaN]',
      act: '[function]',
      list: [null, '[symbol]'],
      thrower: '[unreadable]',
    });
  });

  test('that is deep or wide is cut with a remark', () => {
    let deep: unknown = canary;
    for (let level = 0; level < 100; level++) deep = [deep];

    expect(JSON.stringify(redact(deep))).toContain('[too deep]');
    expect((redact(Array.from({ length: 1_000 }, () => 1)) as unknown[]).at(-1)).toBe('[800 more]');
  });

  test('never shows a registered value, however it is built and wherever the value stands', () => {
    const plant = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constant(canary),
        fc.string().map((text) => `${text}${canary}${text}`),
        fc.string().map((text) => new Error(text + canary, { cause: { deep: canary } })),
        fc.array(tie('value')),
        fc.dictionary(fc.oneof(fc.string(), fc.constant(`k${canary}`)), tie('value')),
      ),
    })).value;

    fc.assert(
      fc.property(plant, (value) => {
        const shown = JSON.stringify(redact(value, [canary]));

        expect(shown).not.toContain(canary);
        expect(JSON.parse(shown)).toEqual(redact(value, [canary]));
      }),
    );
  });

  test('a member named __proto__ touches no prototype', () => {
    const shown = redact(JSON.parse('{"__proto__":{"polluted":true}}')) as object;

    expect(Object.getPrototypeOf(shown)).toBe(Object.prototype);
    expect('polluted' in {}).toBe(false);
  });
});
