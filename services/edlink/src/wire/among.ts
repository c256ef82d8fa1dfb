import type { EntityType } from '@flotilla/substrate/model';
import type { Reading } from '@flotilla/substrate/vendor';
import { z } from 'zod';

interface Shape<T extends EntityType> {
  readonly entityType: T;
  readonly idOf: (record: unknown) => string | undefined;
  readonly wire: z.ZodType<Reading<T>>;
}

/** Where a list holds others as well: of those nothing is read, and so nothing can be wrong with them. */
export function among<T extends EntityType>(
  isOne: (record: unknown) => boolean,
  { entityType, wire, idOf }: Shape<T>,
) {
  return {
    entityType,
    wire: z.preprocess((record) => (isOne(record) ? record : undefined), wire.optional()),
    read: (reading: Reading<T> | undefined) => (reading === undefined ? [] : [reading]),
    idOf: (record: unknown) => (isOne(record) ? idOf(record) : undefined),
  };
}
