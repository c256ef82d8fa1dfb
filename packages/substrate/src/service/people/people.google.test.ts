import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../clock/clock.manual.ts';
import { openDashboard } from '../dashboard.fixture.ts';
import { createGooglePeople } from './people.google.ts';
import type { People } from './people.ts';

const audience = '/projects/123456789012/locations/us-central1/services/dashboard';
const roles = { 'Ana@district.example': 'admin', '@district.example': 'viewer' } as const;
const unauthenticated = { code: 'unauthenticated', data: {} };

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;
let keys: Keys;
let keysUrl: string;
let reads = 0;
let published: object[];
const server = createServer((_request, response) => {
  reads += 1;
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: published }));
});

beforeAll(async () => {
  keys = await generateKeyPair('ES256');
  published = [{ ...(await exportJWK(keys.publicKey)), kid: 'key-1', alg: 'ES256', use: 'sig' }];
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  keysUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/public_key-jwk`;
});

afterAll(() => server.close());

let clock: ManualClock;
let people: People;

beforeEach(() => {
  clock = createManualClock();
  people = createGooglePeople({ audience, roles, clock, keysUrl });
});

/** What the proxy signs (https://cloud.google.com/iap/docs/signed-headers-howto#jwt_payload); a claim of `undefined` is left out. */
function claimsOf(more: object = {}): Record<string, unknown> {
  const seconds = clock.now() / 1000;
  return {
    iss: 'https://cloud.google.com/iap',
    aud: audience,
    sub: 'accounts.google.com:118133858486581853996',
    email: 'ana@district.example',
    hd: 'district.example',
    iat: seconds - 10,
    exp: seconds + 590,
    ...more,
  };
}

function signed(
  claims: Record<string, unknown>,
  key: CryptoKey | Uint8Array = keys.privateKey,
  head: object = {},
) {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: 'key-1', ...head })
    .sign(key);
}

describe('an assertion of Identity-Aware Proxy', () => {
  test('tells who is signed in, whatever the case of the address', async () => {
    const caller = { role: 'admin', name: 'ANA@district.example', signedInBy: 'iap' };
    expect(await people.identify(await signed(claimsOf({ email: caller.name })))).toEqual(caller);
  });

  test('gives the role of the domain to whoever is not named, if the domain manages the account', async () => {
    const ben = claimsOf({ email: 'ben@district.example' });
    expect(await people.identify(await signed(ben))).toMatchObject({ role: 'viewer' });
    for (const hd of [undefined, 'elsewhere.example', ''])
      await expect(people.identify(await signed({ ...ben, hd })), String(hd)).rejects.toMatchObject({
        code: 'forbidden',
        data: { account: 'ben@district.example' },
      });
  });

  test('is refused without a reason where it is not one: for another service, of another issuer, run out, not of now, without an address', async () => {
    const seconds = clock.now() / 1000;
    const wrong: readonly object[] = [
      { aud: '/projects/123456789012/locations/us-central1/services/another' },
      { aud: undefined },
      { iss: 'https://accounts.google.com' },
      { iss: undefined },
      { exp: seconds - 31 },
      { exp: undefined },
      { iat: undefined },
      { nbf: seconds + 31 },
      { email: undefined },
      { email: 7 },
    ];
    for (const one of wrong)
      await expect(people.identify(await signed(claimsOf(one))), JSON.stringify(one)).rejects.toMatchObject(
        unauthenticated,
      );
  });

  test('is refused with the signature of somebody else, of none, or of a secret made of the public key', async () => {
    const stranger = await generateKeyPair('ES256');
    const sound = await signed(claimsOf());
    const [head = '', , signature] = sound.split('.');
    const body = Buffer.from(JSON.stringify(claimsOf({ email: 'eve@evil.example' }))).toString('base64url');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const secret = Buffer.from(JSON.stringify(published[0]));
    const refused = [
      await signed(claimsOf(), stranger.privateKey),
      await signed(claimsOf(), stranger.privateKey, { kid: 'key-2' }),
      await signed(claimsOf(), secret, { alg: 'HS256' }),
      `${head}.${body}.${signature}`,
      `${none}.${body}.`,
      'ana@district.example',
      '',
    ];
    for (const one of refused) await expect(people.identify(one), one).rejects.toMatchObject(unauthenticated);
  });

  test('is verified with keys that are read once for many', async () => {
    const before = reads;
    await Promise.all([1, 2, 3].map(async () => await people.identify(await signed(claimsOf()))));
    await people.identify(await signed(claimsOf()));
    expect(reads - before).toBe(1);
  });

  test('cannot be verified where the keys are not to be had, and the caller may try again', async () => {
    const cut = createGooglePeople({ audience, roles, clock, keysUrl: 'http://127.0.0.1:9/keys' });
    await expect(cut.identify(await signed(claimsOf()))).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('behind Identity-Aware Proxy', () => {
  const assertion = async () => ({ 'x-goog-iap-jwt-assertion': await signed(claimsOf()) });

  test('a person is known on pages of ours alone: another site cannot use the sign-in of a browser', async () => {
    const { ask } = await openDashboard({ people });
    const answer = await ask({ ...(await assertion()), 'sec-fetch-site': 'same-origin' });
    expect(await answer.json()).toMatchObject({
      result: { name: 'ana@district.example', signedInBy: 'iap' },
    });
    for (const site of ['cross-site', 'same-site', 'none'])
      expect((await ask({ ...(await assertion()), 'sec-fetch-site': site })).status).toBe(403);
    expect((await ask(await assertion())).status).toBe(403);
  });

  test('the headers that are not signed prove nothing', async () => {
    const { ask } = await openDashboard({ people });
    const unsigned = {
      'x-goog-authenticated-user-email': 'accounts.google.com:ana@district.example',
      'x-goog-authenticated-user-id': 'accounts.google.com:118133858486581853996',
      'sec-fetch-site': 'same-origin',
    };
    expect((await ask(unsigned)).status).toBe(401);
  });

  test("the assertion decides also where the proxy's own token comes along, as it does on Cloud Run", async () => {
    const { ask } = await openDashboard({ people });
    const authorization = 'Bearer e30.e30.SIGNATURE_REMOVED_BY_GOOGLE';
    const headers = { ...(await assertion()), authorization, 'sec-fetch-site': 'same-origin' };
    expect((await ask(headers)).status).toBe(200);
  });
});
