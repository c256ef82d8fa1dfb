import { hkdfSync } from 'node:crypto';
import type { Clock } from '../../clock/clock.ts';
import { Failure } from '../../failure/failure.ts';
import type { Headers } from '../../rpc/authenticate.ts';
import { createOneTimeCodes } from './one-time-codes.ts';
import type { People, Person, SignInLinks } from './people.ts';
import { createSessions } from './sessions.ts';

export interface LocalPeopleOptions {
  /** The fleet's token: the key of its sessions derives from it, so that no other fleet's are taken. */
  readonly token: string;
  /** Where people reach the dashboard: links begin with it. */
  readonly origin: string;
  readonly clock: Clock;
}

/** Long enough to change to the browser, too short to be found later in a terminal's history. */
const linkMs = 5 * 60_000;
const sessionMs = 12 * 3_600_000;

/** People who sign in with one-time links that whoever has the fleet's token makes for them. */
export function createLocalPeople(options: LocalPeopleOptions): People & { readonly links: SignInLinks } {
  const { token, origin, clock } = options;
  const sessions = createSessions({ key: derive(token, 'sessions', 32), lifeMs: sessionMs, clock });
  const codes = createOneTimeCodes<Person>(clock, linkMs);
  const secure = origin.startsWith('https:');
  // Browsers send a cookie to every port of a host, so two fleets on one machine need names of their own.
  const name = `${secure ? '__Host-' : ''}flotilla-${derive(token, 'cookie name', 4).toString('hex')}`;

  return {
    find(headers) {
      // What a page cannot send by itself says more than a cookie that comes along.
      return headers.authorization === undefined ? readCookie(headers, name) : undefined;
    },
    async identify(credential) {
      const person = await sessions.read(credential);
      if (person === undefined) throw new Failure('unauthenticated', 'Nobody is signed in');
      return { ...person, signedInBy: 'link' };
    },
    links: {
      cookie: { name, secure },
      create(person) {
        const { code, expiresAt } = codes.create(person);
        return { url: `${origin}/sign-in#${code}`, expiresAt: new Date(expiresAt).toISOString() };
      },
      async redeem(code) {
        const person = codes.redeem(code);
        if (person === undefined)
          throw new Failure('unauthenticated', 'This link was used already, or is too old', {
            data: { advice: 'Ask for another one: each works once, for five minutes.' },
          });
        return { value: await sessions.begin(person), maxAgeMs: sessionMs };
      },
      async end(headers) {
        const session = readCookie(headers, name);
        if (session !== undefined) await sessions.end(session);
      },
    },
  };
}

/** Neither the token nor what else derives from it can be found from it. */
function derive(token: string, purpose: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', token, '', `flotilla ${purpose}`, bytes));
}

/** RFC 6265 §4.2; Node joins several headers with `; `. Ours have no characters that would need quotes. */
function readCookie({ cookie }: Headers, name: string): string | undefined {
  if (typeof cookie !== 'string') return undefined;
  for (const pair of cookie.split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name && value !== undefined && value !== '') return value;
  }
  return undefined;
}
