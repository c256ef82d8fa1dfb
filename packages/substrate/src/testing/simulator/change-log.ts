import type { Clock } from '../../clock/clock.ts';
import type { RecordChange } from './record-store.ts';

export interface LoggedChange<Name extends string = string> extends RecordChange<Name> {
  /** Counts from 1, without gaps. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Everything that became of a vendor's records since the simulator began: what its events, deletes or notifications are rendered from. */
export interface ChangeLog<Name extends string = string> {
  /** Oldest first; what is older than the vendor keeps is gone. */
  list(): readonly LoggedChange<Name>[];
  /** The number of the newest change ever; 0 before the first. */
  readonly newest: number;
  add(change: RecordChange<Name>): void;
}

/** `keptSeconds` default: forever. */
export function createChangeLog<Name extends string>(
  clock: Clock,
  keptSeconds = Number.POSITIVE_INFINITY,
): ChangeLog<Name> {
  let changes: LoggedChange<Name>[] = [];
  let newest = 0;
  return {
    list: () => {
      const oldest = clock.now() - keptSeconds * 1000;
      if (changes[0] !== undefined && changes[0].at < oldest)
        changes = changes.filter(({ at }) => at >= oldest);
      return changes;
    },
    add: (change) => {
      newest += 1;
      changes.push({ ...change, number: newest, at: clock.now() });
    },
    get newest() {
      return newest;
    },
  };
}
