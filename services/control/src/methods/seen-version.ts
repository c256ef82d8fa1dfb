import { Failure } from '@flotilla/substrate/failure';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { z } from 'zod';

export const Version = z.int().min(0).describe('0 at first, one more with each change');

export const IfVersion = Version.optional().describe(
  'The version that was seen; where another one stands, nothing is changed. Left out: whatever stands',
);

interface Seen {
  /** Such as `settings`. */
  readonly what: string;
  /** The method that shows what is there now, by its wire name. */
  readonly shownBy: string;
  readonly target: JsonObject;
  /** Undefined: the caller does not say. */
  readonly ifVersion: number | undefined;
  readonly version: number;
}

/** Fails with `stale_version` where another version stands than the caller saw: he would undo what he does not know of. */
export function requireSeenVersion({ what, shownBy, target, ifVersion, version }: Seen): void {
  if (ifVersion === undefined || ifVersion === version) return;
  throw new Failure('stale_version', 'It was changed after it was read, so nothing was written', {
    data: {
      ...target,
      what,
      expected: ifVersion,
      found: version,
      advice: `${shownBy} shows the ${what} as of now, and its version to pass; audit.list.v1 says who has changed it. Then decide anew.`,
    },
  });
}
