import { beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../clock/clock.manual.ts';
import { createLocalPeople } from './people.local.ts';
import type { People, SignInLinks } from './people.ts';

const token = 'fleet-token-0123456789';
const origin = 'http://127.0.0.1:4101';
const ana = { name: 'Ana', role: 'viewer' } as const;
const unauthenticated = { code: 'unauthenticated', data: {} };

let clock: ManualClock;
let people: People & { readonly links: SignInLinks };

beforeEach(() => {
  clock = createManualClock();
  people = createLocalPeople({ token, origin, clock });
});

function codeOf({ url }: { readonly url: string }): string {
  return url.slice(url.indexOf('#') + 1);
}

async function signIn(person: Parameters<SignInLinks['create']>[0] = ana): Promise<string> {
  return (await people.links.redeem(codeOf(people.links.create(person)))).value;
}

describe('a one-time link', () => {
  test('carries its code where no server and no log sees it, and says until when it is good', () => {
    const { url, expiresAt } = people.links.create(ana);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:4101\/sign-in#[\w-]{43}$/);
    expect(expiresAt).toBe('2026-01-01T00:05:00.000Z');
  });

  test('signs one person in for twelve hours, with the name and the role that it was made for', async () => {
    const { value, maxAgeMs } = await people.links.redeem(codeOf(people.links.create(ana)));
    expect(maxAgeMs).toBe(12 * 3_600_000);
    expect(await people.identify(value)).toEqual({ ...ana, signedInBy: 'link' });
  });

  test('works once', async () => {
    const code = codeOf(people.links.create(ana));
    await people.links.redeem(code);
    await expect(people.links.redeem(code)).rejects.toMatchObject(unauthenticated);
  });

  test('works for one of two who open it at the same time', async () => {
    const code = codeOf(people.links.create(ana));
    const outcomes = await Promise.allSettled([people.links.redeem(code), people.links.redeem(code)]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('lives beside others, each with its own person', async () => {
    const first = codeOf(people.links.create(ana));
    const second = codeOf(people.links.create({ name: 'Ben', role: 'admin' }));
    const sessions = [await people.links.redeem(second), await people.links.redeem(first)];
    const names = await Promise.all(sessions.map(async ({ value }) => (await people.identify(value)).name));
    expect(names).toEqual(['Ben', 'Ana']);
  });

  test('is too old after five minutes', async () => {
    const code = codeOf(people.links.create(ana));
    await clock.advance(5 * 60_000 - 1);
    const other = codeOf(people.links.create(ana));
    await clock.advance(1);
    await expect(people.links.redeem(code)).rejects.toMatchObject(unauthenticated);
    expect(await people.links.redeem(other)).toMatchObject({ value: expect.any(String) });
  });

  test.each(['', 'x', 'A'.repeat(43)])('is not found in the code %j', async (code) => {
    people.links.create(ana);
    await expect(people.links.redeem(code)).rejects.toMatchObject(unauthenticated);
  });

  test('gives way to later ones when a hundred wait', async () => {
    const codes = Array.from({ length: 101 }, () => codeOf(people.links.create(ana)));
    await expect(people.links.redeem(codes[0] ?? '')).rejects.toMatchObject(unauthenticated);
    expect(await people.links.redeem(codes[1] ?? '')).toBeDefined();
  });
});

describe('a session', () => {
  test('ends after twelve hours', async () => {
    const session = await signIn();
    await clock.advance(12 * 3_600_000 - 1_000);
    expect((await people.identify(session)).name).toBe('Ana');
    await clock.advance(1_000);
    await expect(people.identify(session)).rejects.toMatchObject(unauthenticated);
  });

  test('goes on when control starts again', async () => {
    const session = await signIn();
    expect((await createLocalPeople({ token, origin, clock }).identify(session)).name).toBe('Ana');
  });

  test('ends for every copy of its cookie when the person signs out, and others go on', async () => {
    const session = await signIn();
    const other = await signIn();
    await people.links.end({ cookie: `a=b; ${people.links.cookie.name}=${session}` });
    await expect(people.identify(session)).rejects.toMatchObject(unauthenticated);
    expect((await people.identify(other)).name).toBe('Ana');
    await people.links.end({ cookie: `${people.links.cookie.name}=nonsense` });
    await people.links.end({});
  });

  test('of another fleet is none here', async () => {
    const elsewhere = createLocalPeople({ token: 'another-token-0123456789', origin, clock });
    const { value } = await elsewhere.links.redeem(codeOf(elsewhere.links.create(ana)));
    await expect(people.identify(value)).rejects.toMatchObject(unauthenticated);
    expect(elsewhere.links.cookie.name).not.toBe(people.links.cookie.name);
  });

  test('with another role, another signature or no signature is none', async () => {
    const session = await signIn();
    const [head = '', body = '', signature = ''] = session.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
    const admin = encode({ ...claims, role: 'admin' });
    const unsigned = encode({ alg: 'none', typ: 'JWT' });
    const forged = [
      `${head}.${admin}.${signature}`,
      `${unsigned}.${admin}.`,
      `${unsigned}.${admin}.${signature}`,
      `${head}.${body}.${signature.slice(0, -2)}`,
      `${head}.${body}`,
      'nonsense',
    ];
    for (const one of forged) await expect(people.identify(one), one).rejects.toMatchObject(unauthenticated);
  });
});

describe('a cookie', () => {
  test('is found among others, and left alone beside a token', () => {
    const { name } = people.links.cookie;
    expect(people.find({ cookie: `theme=dark;${name}=abc; other=1` })).toBe('abc');
    expect(people.find({ cookie: `${name}=abc`, authorization: 'Bearer x' })).toBeUndefined();
    for (const cookie of [undefined, '', name, `${name}=`, `x${name}=abc`, `other=${name}=abc`])
      expect(people.find({ cookie }), cookie).toBeUndefined();
  });

  test('is bound to its host and to https where the dashboard has https', () => {
    const { links } = createLocalPeople({ token, origin: 'https://flotilla.example', clock });
    expect(links.cookie).toEqual({ name: expect.stringMatching(/^__Host-flotilla-/), secure: true });
    expect(people.links.cookie).toEqual({ name: expect.stringMatching(/^flotilla-/), secure: false });
  });
});

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
