import { describe, expect, test } from 'vitest';
import { type AuthStyle, secretsOf } from './auth.ts';

describe('the secrets of an AuthStyle', () => {
  const styles: readonly [AuthStyle, readonly string[]][] = [
    [{ kind: 'none' }, []],
    [{ kind: 'bearer', token: 't0ken' }, ['t0ken']],
    [{ kind: 'basic', username: 'u', password: 'p4ss' }, ['p4ss', 'dTpwNHNz']],
    [
      {
        kind: 'oauth2ClientCredentials',
        tokenUrl: 'https://example.com/token',
        clientId: 'id',
        clientSecret: 's3cret',
        scopes: ['roster'],
        clientAuth: 'basic',
        extra: { assertion: 'x' },
      },
      ['s3cret', 'x'],
    ],
    [
      { kind: 'oauth1', consumerKey: 'key', consumerSecret: 's3cret', signatureMethod: 'HMAC-SHA256' },
      ['s3cret'],
    ],
    [{ kind: 'apiKey', header: 'X-Api-Key', value: 'k3y', prefix: 'Key ' }, ['k3y']],
    [
      {
        kind: 'refreshToken',
        tokenUrl: 'https://example.com/token',
        clientId: 'id',
        clientSecret: 's3cret',
        refreshToken: 'r3fresh',
      },
      ['s3cret', 'r3fresh'],
    ],
    [
      {
        kind: 'jwtBearer',
        tokenUrl: 'https://example.com/token',
        issuer: 'robot@example.com',
        privateKey: 'PEM',
        scopes: ['roster'],
      },
      ['PEM'],
    ],
    [
      { kind: 'tokenExchange', tokenUrl: 'https://example.com/auth', authorization: 'Bearer k3y' },
      ['Bearer k3y', 'k3y'],
    ],
    [
      { kind: 'tokenExchange', tokenUrl: 'https://example.com/auth', authorization: 'Basic dTpwNHNz' },
      ['Basic dTpwNHNz', 'dTpwNHNz', 'p4ss'],
    ],
  ];

  test.each(styles)('$kind: what proves who asks, and neither names nor methods', (style, secrets) => {
    expect(secretsOf(style)).toEqual(secrets);
  });
});
