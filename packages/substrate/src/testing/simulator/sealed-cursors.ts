import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../clock/clock.ts';
import { isJsonObject, type JsonObject } from '../../json/json-value.ts';

/** Cursors and page tokens that a client can only send back as they are. */
export interface SealedCursors {
  seal(content: JsonObject): string;
  unseal(cursor: string): JsonObject | 'unknown' | 'expired';
}

/** Sealed with a key that dies with the simulator; `lifetimeSeconds` default: they do not expire. */
export function createSealedCursors(clock: Clock, lifetimeSeconds = Number.POSITIVE_INFINITY): SealedCursors {
  const key = randomBytes(32);

  function sign(text: string): string {
    const mark = createHmac('sha256', key).update(text).digest().subarray(0, 12);
    return `${text}.${mark.toString('base64url')}`;
  }

  function seal(content: JsonObject): string {
    const text = Buffer.from(JSON.stringify({ at: clock.now(), content })).toString('base64url');
    return sign(text);
  }

  function unseal(cursor: string): JsonObject | 'unknown' | 'expired' {
    const text = cursor.split('.')[0] ?? '';
    const given = Buffer.from(cursor);
    const wanted = Buffer.from(sign(text));
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return 'unknown';
    const { at, content }: { readonly at?: unknown; readonly content?: unknown } = JSON.parse(
      Buffer.from(text, 'base64url').toString('utf8'),
    );
    if (typeof at !== 'number' || !isJsonObject(content)) return 'unknown';
    return clock.now() >= at + lifetimeSeconds * 1000 ? 'expired' : content;
  }

  return { seal, unseal };
}
