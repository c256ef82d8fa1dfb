import type { Clock } from '@flotilla/substrate/clock/clock';
import {
  createSealedCursors,
  type SealedCursors,
} from '@flotilla/substrate/testing/simulator/sealed-cursors';

/** So long the same place has the same token: a list that stands still is the same, to the byte, when it is read again. */
const sameForMs = 3_600_000;

/** Page tokens that are good for some time. */
export function createPageTokens(clock: Clock, lifetimeSeconds: number): SealedCursors {
  const cursors = createSealedCursors(clock, lifetimeSeconds);
  const given = new Map<string, { readonly at: number; readonly token: string }>();
  return {
    unseal: cursors.unseal,
    seal: (content) => {
      const place = JSON.stringify(content);
      const known = given.get(place);
      if (
        known !== undefined &&
        clock.now() < known.at + sameForMs &&
        typeof cursors.unseal(known.token) !== 'string'
      )
        return known.token;
      const token = cursors.seal(content);
      given.set(place, { at: clock.now(), token });
      return token;
    },
  };
}
