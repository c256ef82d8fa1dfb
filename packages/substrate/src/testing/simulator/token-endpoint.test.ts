import { createSign, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../clock/clock.manual.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { createBearerTokens } from './bearer-tokens.ts';
import { isProblem, type SimulatedRequest, type SimulatedResponse } from './exchange.ts';
import { jwtBearerGrant, jwtBearerGrantType } from './jwt-bearer-grant.ts';
import { checkApiKey, checkBasic } from './shared-secret.ts';
import {
  clientCredentialsGrant,
  createTokenEndpoint,
  refreshTokenGrant,
  type TokenEndpointOptions,
} from './token-endpoint.ts';

const client = { id: 'me', secret: 's3/c+r t' };
const encoded = Buffer.from(`me:${encodeURIComponent(client.secret)}`).toString('base64');
const basic = { authorization: `Basic ${encoded}` };
const formType = { 'content-type': 'application/x-www-form-urlencoded' };

function request(headers: Readonly<Record<string, string>>, body = ''): SimulatedRequest {
  const common = { method: 'POST', path: '/token', rawQuery: '', params: {}, route: '', origin: 'http://h' };
  return { ...common, query: new URLSearchParams(), headers, body };
}

/** Status and error, or status and the answer. */
function outcome(answer: unknown): readonly unknown[] {
  const { status, json } = answer as SimulatedResponse & { readonly json: JsonObject };
  return [status, json.error ?? json];
}

function ask(options: Partial<TokenEndpointOptions>, body: string, headers: Record<string, string> = basic) {
  const clock = createManualClock();
  const tokens = createBearerTokens(clock, 60);
  const grants = {
    client_credentials: clientCredentialsGrant({ scopes: ['read', 'write'], isScopeNeeded: true }),
  };
  const endpoint = createTokenEndpoint({ tokens, client, grants, ...options });
  return outcome(endpoint(request({ ...formType, ...headers }, body)));
}

describe('the token endpoint', () => {
  test('issues what was asked for, to a client that says who it is', () => {
    expect(ask({}, 'grant_type=client_credentials&scope=read')).toEqual([
      200,
      { access_token: expect.any(String), token_type: 'bearer', expires_in: 60, scope: 'read' },
    ]);
  });

  test.each([
    ['no client', 'grant_type=client_credentials&scope=read', { authorization: '' }, 401, 'invalid_client'],
    [
      'a secret that is not encoded',
      'grant_type=client_credentials&scope=read',
      { authorization: `Basic ${Buffer.from(`me:${client.secret}%`).toString('base64')}` },
      401,
      'invalid_client',
    ],
    [
      'the client in the body',
      'client_id=me&client_secret=s3%2Fc%2Br%20t',
      { authorization: '' },
      401,
      'invalid_client',
    ],
    ['the client twice', 'client_id=me&client_secret=s3%2Fc%2Br%20t', {}, 401, 'invalid_client'],
    [
      'JSON',
      '{"grant_type":"client_credentials"}',
      { 'content-type': 'application/json' },
      400,
      'invalid_request',
    ],
    ['no grant', 'scope=read', {}, 400, 'invalid_request'],
    ['a parameter twice', 'grant_type=client_credentials&scope=read&scope=read', {}, 400, 'invalid_request'],
    ['another grant', 'grant_type=password', {}, 400, 'unsupported_grant_type'],
    ['a grant called toString', 'grant_type=toString', {}, 400, 'unsupported_grant_type'],
    ['no scope', 'grant_type=client_credentials', {}, 400, 'invalid_scope'],
    ['an unknown scope', 'grant_type=client_credentials&scope=read+all', {}, 400, 'invalid_scope'],
  ])('refuses %s as RFC 6749 says', (_case, body, headers, status, error) => {
    expect(ask({}, body, { ...basic, ...headers })).toEqual([status, error]);
  });

  test('reads the client from the body, and JSON, where the vendor does', () => {
    const options = { client: { ...client, secretIn: ['body'] }, bodies: ['json'] } as const;
    const form = {
      grant_type: 'client_credentials',
      scope: 'write',
      client_id: 'me',
      client_secret: client.secret,
    };
    const json = { 'content-type': 'application/json', authorization: '' };

    expect(ask(options, JSON.stringify(form), json)[0]).toBe(200);
    expect(ask(options, JSON.stringify({ ...form, client_secret: 'x' }), json)).toEqual([
      401,
      'invalid_client',
    ]);
    expect(ask(options, JSON.stringify({ ...form, extra: 1 }), json)).toEqual([401, 'invalid_client']);
  });

  test('gives a new refresh token for each use where it rotates them, and takes none twice', () => {
    const grants = {
      refresh_token: refreshTokenGrant({ refreshToken: 'r-1', rotates: true, scopes: ['read'] }),
    };
    const [status, answer] = ask({ grants }, 'grant_type=refresh_token&refresh_token=r-1');

    expect([status, answer]).toMatchObject([200, { scope: 'read', refresh_token: expect.any(String) }]);
    expect(ask({ grants }, 'grant_type=refresh_token&refresh_token=r-1')).toEqual([400, 'invalid_grant']);
    const { refresh_token } = answer as { readonly refresh_token: string };
    expect(ask({ grants }, `grant_type=refresh_token&refresh_token=${refresh_token}`)[0]).toBe(200);
  });
});

describe('a signed assertion', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const now = Date.UTC(2026, 0, 1) / 1000;
  const good = {
    iss: 'robot',
    sub: 'admin@school',
    aud: 'http://h/token',
    iat: now,
    exp: now + 3600,
    scope: 'read',
  };
  const grants = {
    [jwtBearerGrantType]: jwtBearerGrant({
      clock: createManualClock(),
      publicKey,
      issuer: 'robot',
      subjects: ['admin@school'],
      audience: () => 'http://h/token',
      scopes: ['read'],
    }),
  };

  function sign(
    claims: JsonObject,
    header: JsonObject = { alg: 'RS256', typ: 'JWT' },
    key = privateKey,
  ): string {
    const text = [header, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${text}.${createSign('RSA-SHA256').update(text).sign(key).toString('base64url')}`;
  }

  function send(assertion: string): readonly unknown[] {
    const endpoint = createTokenEndpoint({ tokens: createBearerTokens(createManualClock(), 60), grants });
    const form = new URLSearchParams({ grant_type: jwtBearerGrantType, assertion });
    return outcome(endpoint(request(formType, form.toString())));
  }

  test('that is sound gives a token', () => {
    expect(send(sign(good))).toMatchObject([200, { scope: 'read' }]);
  });

  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  test.each([
    ['of another key', sign(good, { alg: 'RS256' }, stranger)],
    ['without a signature', sign(good, { alg: 'none' })],
    [
      'with claims of another',
      `${sign(good).split('.')[0]}.${sign({ ...good, sub: 'x' })
        .split('.')
        .slice(1, 2)
        .join('')}.${sign(good).split('.')[2]}`,
    ],
    ['from an unknown client', sign({ ...good, iss: 'other' })],
    ['for somebody else', sign({ ...good, sub: 'teacher@school' })],
    ['for another server', sign({ ...good, aud: 'http://h' })],
    ['of the future', sign({ ...good, iat: now + 120, exp: now + 200 })],
    ['that has expired', sign({ ...good, iat: now - 100, exp: now })],
    ['that lives too long', sign({ ...good, exp: now + 3601 })],
    ['without times', sign({ iss: 'robot', aud: good.aud, scope: 'read' })],
    ['that is no JWT', 'hello'],
  ])('%s is refused', (_case, assertion) => {
    expect(send(assertion)).toEqual([400, 'invalid_grant']);
  });

  test('that asks for what is not granted, or for nothing, gets no token', () => {
    expect(send(sign({ ...good, scope: 'write' }))).toEqual([400, 'invalid_scope']);
    expect(send(sign({ ...good, scope: '' }))).toEqual([400, 'invalid_scope']);
    const endpoint = createTokenEndpoint({ tokens: createBearerTokens(createManualClock()), grants });
    const bare = request(formType, `grant_type=${encodeURIComponent(jwtBearerGrantType)}`);
    expect(outcome(endpoint(bare))).toEqual([400, 'invalid_request']);
  });
});

describe('a bearer token', () => {
  const bearer = (token: string) => request({ authorization: `Bearer ${token}` });

  test('is let in until it expires or is made invalid, for its scopes alone', async () => {
    const clock = createManualClock();
    const tokens = createBearerTokens(clock, 60, 'Bearer realm="x"');
    const token = tokens.issue({ scopes: ['read'], subject: 'district-1' });

    expect(tokens.check(bearer(token), ['read', 'write'])).toBeUndefined();
    expect(tokens.find(bearer(token))?.subject).toBe('district-1');
    expect(tokens.check(bearer(token), ['write'])?.status).toBe(403);
    await clock.advance(60_000);
    expect(tokens.check(bearer(token))).toEqual({
      status: 401,
      description: 'The token has expired',
      headers: { 'WWW-Authenticate': 'Bearer realm="x"' },
    });
    expect(tokens.find(bearer(token))).toBeUndefined();
    const fixed = tokens.issue({ token: 'fixed', lifetimeSeconds: 3600 });
    expect(tokens.check(bearer(fixed))).toBeUndefined();
    tokens.expire(bearer(fixed));
    expect(tokens.check(bearer(fixed))?.description).toBe('The token is unknown or was revoked');
    expect(tokens.check(request({}))?.description).toBe('A bearer token is needed');
  });
});

test('an API key must stand in its header as it is, a user and a password in Basic', () => {
  const key = { header: 'X-Api-Key', prefix: 'Key ', key: 'abc' };
  expect(checkApiKey(request({ 'x-api-key': 'Key abc' }), key)).toBeUndefined();
  expect(checkApiKey(request({ 'x-api-key': 'abc' }), key)?.description).toContain('no');
  expect(checkApiKey(request({}), key)).toEqual({
    status: 401,
    description: 'The header X-Api-Key is missing',
  });

  const user = { id: 'ann', secret: 'p:w' };
  const sent = Buffer.from('ann:p:w').toString('base64');
  expect(checkBasic(request({ authorization: `Basic ${sent}` }), user)).toBeUndefined();
  for (const authorization of [
    '',
    'Basic',
    `Basic ${Buffer.from('ann').toString('base64')}`,
    `Bearer ${sent}`,
  ]) {
    const refusal = checkBasic(request({ authorization }), user);
    expect([authorization, refusal !== undefined && isProblem(refusal)]).toEqual([authorization, true]);
  }
});
