import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { jwtVerify } from 'jose';
import type { TokenAuth } from './auth.ts';
import { answerJson, type ReceivedRequest, type Script } from './scripted-server.fixture.ts';

export const robotKey = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

/** One of each token style, as a vendor's `authorize` would return it for the endpoint below. */
export const tokenStyles = {
  oauth2ClientCredentials: (url: string) => ({
    kind: 'oauth2ClientCredentials',
    tokenUrl: `${url}/token`,
    clientId: 'client:1',
    clientSecret: 'canary+/ sécret',
    scopes: ['roster.read', 'grades'],
    clientAuth: 'basic',
  }),
  refreshToken: (url: string) => ({
    kind: 'refreshToken',
    tokenUrl: `${url}/token`,
    clientId: 'client:1',
    clientSecret: 'canary+/ sécret',
    refreshToken: 'canary-refresh+/',
  }),
  jwtBearer: (url: string) => ({
    kind: 'jwtBearer',
    tokenUrl: `${url}/token`,
    issuer: 'robot@project.iam.example.com',
    subject: 'admin@school.example.com',
    privateKey: robotKey.privateKey,
    keyId: 'key-1',
    scopes: ['roster.read', 'grades'],
  }),
  tokenExchange: (url: string) => ({
    kind: 'tokenExchange',
    tokenUrl: `${url}/exchange?expirationMinutes=60`,
    authorization: 'Bearer canary-api-key',
    lifetimeSeconds: 3600,
  }),
} as const satisfies Record<string, (url: string) => TokenAuth>;

/**
 * A token endpoint that takes nothing but what the RFCs allow: client authentication by header or form and not by both (6749 §2.3), one
 * value a parameter (§3.2), errors by name (§5.2); an assertion that is signed, meant for it and of this hour (7523 §3). `now`: in ms.
 * Tokens are called token-1, token-2, ….
 */
export function createTokenEndpoint(now: () => number): Script {
  let issued = 0;
  return async (request, response) => {
    const problem = await findProblem(request, now());
    const headers = { 'cache-control': 'no-store' };
    if (problem !== undefined) {
      const status = problem === 'invalid_client' ? 401 : 400;
      return answerJson(response, { error: problem }, { status, headers });
    }
    const token = `token-${++issued}`;
    if (request.target.startsWith('/exchange'))
      return response.setHeader('content-type', 'text/plain').end(token);
    answerJson(response, { access_token: token, token_type: 'Bearer', expires_in: 3600 }, { headers });
  };
}

async function findProblem(request: ReceivedRequest, now: number): Promise<string | undefined> {
  const { method, target, headers, body } = request;
  if (method !== 'POST') return 'invalid_request';
  if (target === '/exchange?expirationMinutes=60')
    return headers.authorization === 'Bearer canary-api-key' && body === '' ? undefined : 'invalid_client';
  const form = new URLSearchParams(body);
  if (target !== '/token' || headers['content-type'] !== 'application/x-www-form-urlencoded')
    return 'invalid_request';
  if (new Set(form.keys()).size !== [...form.keys()].length) return 'invalid_request';
  const grant = form.get('grant_type');
  if (grant === 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
    if (headers.authorization !== undefined) return 'invalid_request';
    return await findAssertionProblem(form, `http://${headers.host}/token`, now);
  }
  const clientProblem = findClientProblem(headers.authorization, form);
  if (clientProblem !== undefined) return clientProblem;
  if (grant === 'client_credentials') {
    return form.get('scope') === 'roster.read grades' ? undefined : 'invalid_scope';
  }
  if (grant !== 'refresh_token') return 'unsupported_grant_type';
  return form.get('refresh_token') === 'canary-refresh+/' ? undefined : 'invalid_grant';
}

function findClientProblem(authorization: string | undefined, form: URLSearchParams): string | undefined {
  const inForm = form.has('client_id') || form.has('client_secret');
  if (authorization !== undefined && inForm) return 'invalid_request';
  const [id, secret] =
    authorization === undefined
      ? [form.get('client_id'), form.get('client_secret')]
      : Buffer.from(authorization.replace(/^Basic /, ''), 'base64')
          .toString()
          .split(':')
          .map((part) => new URLSearchParams(`x=${part}`).get('x'));
  return id === 'client:1' && secret === 'canary+/ sécret' ? undefined : 'invalid_client';
}

async function findAssertionProblem(
  form: URLSearchParams,
  audience: string,
  now: number,
): Promise<string | undefined> {
  try {
    const { payload, protectedHeader } = await jwtVerify(
      form.get('assertion') ?? '',
      createPublicKey(robotKey.publicKey),
      {
        algorithms: ['RS256'],
        audience,
        issuer: 'robot@project.iam.example.com',
        subject: 'admin@school.example.com',
        requiredClaims: ['iat', 'exp'],
        maxTokenAge: '1h',
        currentDate: new Date(now),
      },
    );
    if (protectedHeader.kid !== 'key-1') return 'invalid_client';
    if ((payload.exp ?? 0) - (payload.iat ?? 0) > 3600) return 'invalid_grant';
    return payload.scope === 'roster.read grades' ? undefined : 'invalid_scope';
  } catch {
    return 'invalid_grant';
  }
}
