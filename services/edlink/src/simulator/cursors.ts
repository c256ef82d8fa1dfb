import { createHash } from 'node:crypto';
import type { Clock } from '@flotilla/substrate/clock/clock';
import { canonicalJson } from '@flotilla/substrate/json/canonical-json';
import type { JsonObject } from '@flotilla/substrate/json/json-value';

/** `$cursor`s: of what they remember, and good for two hours after they were given. */
export interface Cursors {
  seal(content: JsonObject): string;
  unseal(cursor: string): JsonObject | 'unknown' | 'expired';
}

const lifetimeMs = 2 * 60 * 60_000;

/** Not the kit's sealed ones, which hold their time: two reads of what stands still are equal here, links and all. */
export function createCursors(clock: Clock): Cursors {
  const given = new Map<string, { readonly at: number; readonly content: JsonObject }>();
  return {
    seal(content) {
      const cursor = createHash('sha256').update(canonicalJson(content)).digest('base64url');
      given.set(cursor, { at: clock.now(), content });
      return cursor;
    },
    unseal(cursor) {
      const known = given.get(cursor);
      if (known === undefined) return 'unknown';
      return clock.now() >= known.at + lifetimeMs ? 'expired' : known.content;
    },
  };
}
