import type { Driver } from 'kysely';
import { createQueryDriver, type QueryExecutor } from '../kysely/query-executor.ts';

/** Runs Kysely's queries where the reader or transaction that made it says: on a snapshot or in a read-write transaction. */
export function createSpannerDriver(execute: QueryExecutor): Driver {
  return createQueryDriver(execute);
}
