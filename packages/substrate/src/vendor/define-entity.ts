import type { z } from 'zod';
import type { EntityType, EntityValue } from '../model/entity-types.ts';

/**
 * What one vendor record says: that a canonical record is there with this value, or that the vendor calls it deleted (OneRoster's
 * `tobedeleted`).
 */
export type Reading<T extends EntityType> =
  | { readonly id: string; readonly value: EntityValue<T> }
  | { readonly id: string; readonly deleted: true };

/** Where an entity type's records are to be had. */
export interface Collection {
  /** Below the API's base URL, starting with a slash. */
  readonly path: string;
  /** The member of the answer that holds the records. */
  readonly member: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** One canonical entity type as a vendor shows it. Data and pure functions. `N` is the vendor's connection settings. */
export interface Entity<T extends EntityType = EntityType, W extends z.ZodType = z.ZodType, N = unknown> {
  readonly entityType: T;
  readonly collection: (connection: N) => Collection;
  /** The vendor's shape, holding only the members that `read` uses. A record that does not fit is quarantined, alone. */
  readonly wire: W;
  /** Pure. One vendor record to its canonical readings: none, one or several. */
  readonly read: (record: z.output<W>) => readonly Reading<T>[];
  /** Pure. The id of a record that `wire` refuses, where it can be made out: its stored record is then left alone, not deleted. */
  readonly idOf: (record: unknown) => string | undefined;
}

/** Describes one entity type; the types of `read` follow from `wire` and `entityType`. */
export function defineEntity<T extends EntityType, W extends z.ZodType, N>(
  entity: Entity<T, W, N>,
): Entity<T, W, N> {
  return Object.freeze(entity);
}
