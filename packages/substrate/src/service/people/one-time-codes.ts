import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../clock/clock.ts';

/** Codes that are good for one thing, once, for a while. In memory, as digests: nobody who reads it finds a code there. */
export interface OneTimeCodes<Thing> {
  /** 43 characters of base64url. */
  create(thing: Thing): { readonly code: string; readonly expiresAt: number };
  /** What the code is good for, and from now on no more; undefined where it never was, was used or is too old. */
  redeem(code: string): Thing | undefined;
}

/** More codes do not wait at once; the oldest give way. */
const mostCodes = 100;

export function createOneTimeCodes<Thing>(clock: Clock, lifeMs: number): OneTimeCodes<Thing> {
  const waiting = new Map<string, { readonly thing: Thing; readonly expiresAt: number }>();

  function forgetOld(): void {
    for (const [digest, { expiresAt }] of waiting) {
      if (expiresAt > clock.now() && waiting.size < mostCodes) return;
      waiting.delete(digest);
    }
  }

  return {
    create(thing) {
      forgetOld();
      const code = randomBytes(32).toString('base64url');
      const expiresAt = clock.now() + lifeMs;
      waiting.set(digestOf(code), { thing, expiresAt });
      return { code, expiresAt };
    },
    redeem(code) {
      const digest = digestOf(code);
      const found = waiting.get(digest);
      waiting.delete(digest);
      return found !== undefined && found.expiresAt > clock.now() ? found.thing : undefined;
    },
  };
}

/** How long the look-up of a digest takes says nothing of the code. */
function digestOf(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}
