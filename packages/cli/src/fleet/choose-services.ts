import { Failure } from '@flotilla/substrate/failure';
import { findNearest } from '@flotilla/substrate/failure/find-nearest';
import type { FoundService } from './find-services.ts';

/** What every fleet needs, whatever its vendors. */
export const platformServices: readonly string[] = ['control', 'warehouse'];

/** Pure. Those that were asked for and the platform's own; all, where nothing was said. Fails with `not_found` for a name that none has. */
export function chooseServices(
  found: readonly FoundService[],
  asked: readonly string[] | undefined,
): readonly FoundService[] {
  if (asked === undefined) return found;
  const names = found.map(({ name }) => name);
  const unknown = asked.find((name) => !names.includes(name));
  if (unknown === undefined)
    return found.filter(({ name }) => asked.includes(name) || platformServices.includes(name));
  const nearest = findNearest(unknown, names);
  throw new Failure('not_found', 'There is no such service to start', {
    data: {
      service: unknown,
      advice: `There are ${names.join(', ')}.${nearest === undefined ? '' : ` Is ${nearest} meant?`}`,
    },
  });
}
