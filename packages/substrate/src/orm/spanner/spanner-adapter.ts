import { DialectAdapterBase } from 'kysely';
import { Failure } from '../../failure/failure.ts';

/** What Kysely may assume of Spanner. */
export class SpannerAdapter extends DialectAdapterBase {
  override get supportsTransactionalDdl(): boolean {
    return false;
  }

  override get supportsReturning(): boolean {
    return true;
  }

  override async acquireMigrationLock(): Promise<never> {
    throw refuseMigrations();
  }

  override async releaseMigrationLock(): Promise<never> {
    throw refuseMigrations();
  }
}

function refuseMigrations(): Failure {
  return new Failure('internal', "Use Database.migrate: Kysely's migrator knows nothing of digests");
}
