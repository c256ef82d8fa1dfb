import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIdTokens, type IdTokens } from '@flotilla/stand-ins/id-tokens';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../clock/clock.system.ts';
import { createGoogleAuthenticator } from './authenticate.google.ts';

const audience = 'https://oneroster.example';
const callers = {
  'tasks@project.iam.gserviceaccount.com': 'tasks',
  'Operator@district.example': 'admin',
} as const;

/** How far the signer's clock is off. */
let shiftMs = 0;
let idTokens: IdTokens;
let stranger: IdTokens;
let certificatesUrl: string;
let reads = 0;
const server = createServer((_request, response) => {
  reads += 1;
  response
    .writeHead(200, { 'content-type': 'application/json', 'cache-control': 'public, max-age=3600' })
    .end(JSON.stringify(idTokens.certificates));
});

beforeAll(async () => {
  idTokens = await createIdTokens({ ...systemClock, now: () => systemClock.now() + shiftMs });
  stranger = await createIdTokens(systemClock);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  certificatesUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/certs`;
});

afterAll(() => server.close());

const tasksAccount = { email: 'tasks@project.iam.gserviceaccount.com', audience };

function verify(token: string | undefined, url = certificatesUrl) {
  const authenticator = createGoogleAuthenticator({ audience, callers, certificatesUrl: url });
  return authenticator.verify(token === undefined ? {} : { authorization: `Bearer ${token}` });
}

/** The token with other claims, under the signature of the first ones. */
function forge(token: string, claims: object): string {
  const [head, body = '', signature] = token.split('.');
  const changed = { ...JSON.parse(Buffer.from(body, 'base64url').toString()), ...claims };
  return [head, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.');
}

describe('the authenticator of the cloud', () => {
  test('knows the callers by their accounts, whatever the case of the address', async () => {
    expect(await verify(idTokens.tokenFor(tasksAccount))).toEqual({
      role: 'tasks',
      name: tasksAccount.email,
    });
    expect(await verify(idTokens.tokenFor({ email: 'operator@District.example', audience }))).toEqual({
      role: 'admin',
      name: 'operator@District.example',
    });
  });

  test('refuses an account that is not among the callers, and names it', async () => {
    await expect(
      verify(idTokens.tokenFor({ email: 'stranger@elsewhere.example', audience })),
    ).rejects.toMatchObject({ code: 'forbidden', data: { account: 'stranger@elsewhere.example' } });
  });

  test('refuses all else alike, without a reason: no token, nonsense, one for another service, of another signer, forged or run out', async () => {
    const sound = idTokens.tokenFor(tasksAccount);
    shiftMs = -3 * 3_600_000;
    const runOut = idTokens.tokenFor({ email: 'operator@district.example', audience });
    shiftMs = 0;
    const refused = [
      undefined,
      'nonsense',
      idTokens.tokenFor({ ...tasksAccount, audience: 'https://canvas.example' }),
      stranger.tokenFor(tasksAccount),
      forge(sound, { email: 'operator@district.example' }),
      sound.replace(/[^.]*$/, 'SIGNATURE_REMOVED_BY_GOOGLE'),
      runOut,
    ];
    for (const token of refused) {
      await expect(verify(token)).rejects.toMatchObject({
        code: 'unauthenticated',
        message: 'No valid token in the Authorization header',
        data: {},
      });
    }
  });

  test('reads the public keys once for many tokens', async () => {
    const authenticator = createGoogleAuthenticator({ audience, callers, certificatesUrl });
    const before = reads;
    for (let count = 0; count < 5; count++)
      await authenticator.verify({ authorization: `Bearer ${idTokens.tokenFor(tasksAccount)}` });
    expect(reads - before).toBe(1);
  });

  test('says that it cannot verify where the keys are not to be had: the caller may try again', async () => {
    await expect(verify(idTokens.tokenFor(tasksAccount), 'http://127.0.0.1:9/certs')).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});
