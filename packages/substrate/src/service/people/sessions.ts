import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../clock/clock.ts';
import type { Person } from './people.ts';

/** Signed texts that say who is signed in, and for how long: they outlive the process, for nothing of them is kept. */
export interface Sessions {
  begin(person: Person): Promise<string>;
  /** Undefined for a text that is not ours, has run out or was ended. */
  read(session: string): Promise<Person | undefined>;
  /** From now on it is not read any more; forgotten when the process ends. */
  end(session: string): Promise<void>;
}

export interface SessionsOptions {
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly lifeMs: number;
  readonly clock: Clock;
}

const issuer = 'flotilla';
const audience = 'flotilla dashboard';

const Claims = z.object({
  jti: z.string(),
  exp: z.number(),
  sub: z.string(),
  role: z.enum(['admin', 'orchestrator', 'scheduler', 'viewer']),
});

export function createSessions({ key, lifeMs, clock }: SessionsOptions): Sessions {
  /** By their ids, when those that were ended would have run out: seconds. */
  const ended = new Map<string, number>();

  async function verify(session: string) {
    const { errors, jwtVerify } = await loadJose();
    try {
      const { payload } = await jwtVerify(session, key, {
        algorithms: ['HS256'],
        issuer,
        audience,
        requiredClaims: ['exp', 'jti', 'sub'],
        currentDate: new Date(clock.now()),
      });
      return Claims.parse(payload);
    } catch (thrown) {
      if (thrown instanceof errors.JOSEError || thrown instanceof z.ZodError) return undefined;
      throw thrown;
    }
  }

  return {
    async begin({ name, role }) {
      const { SignJWT } = await loadJose();
      const seconds = Math.floor(clock.now() / 1000);
      return await new SignJWT({ role })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(name)
        .setJti(randomUUID())
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + Math.floor(lifeMs / 1000))
        .sign(key);
    },
    async read(session) {
      const claims = await verify(session);
      if (claims === undefined || ended.has(claims.jti)) return undefined;
      return { name: claims.sub, role: claims.role };
    },
    async end(session) {
      const claims = await verify(session);
      if (claims === undefined) return;
      for (const [id, runsOutAt] of ended) if (runsOutAt * 1000 < clock.now()) ended.delete(id);
      ended.set(claims.jti, claims.exp);
    },
  };
}

/** Only where people sign in: services start sooner. */
async function loadJose() {
  return await import('jose');
}
