import { systemClock } from '../clock/clock.system.ts';
import { defineConfig, readConfigOrExit } from '../config/config.ts';
import { createLog } from '../observability/create-log.ts';
import { createSecrets } from '../observability/secrets.ts';
import { openSpannerDatabase } from '../orm/database.spanner.ts';
import { storeMigrations } from '../store/migrations.ts';
import { storeSchema } from '../store/schema.ts';
import { googleSettings } from './google-settings.ts';
import { version } from './version.ts';

const { project, spanner, emulators } = googleSettings;

/**
 * The process that brings the store in Spanner up to this version: a job that is run before the services of a new version, and harms nothing when
 * it is run twice. The embedded stack migrates itself. Ends the process: Spanner's client leaves timers behind that would keep it alive.
 */
export async function migrateStore(): Promise<never> {
  const config = readConfigOrExit(defineConfig({ project, spanner, emulators }));
  const log = createLog({
    service: 'migrate',
    version,
    clock: systemClock,
    secrets: createSecrets(),
    format: 'json',
  });
  try {
    const database = await openSpannerDatabase({
      projectId: config.project,
      ...config.spanner,
      ...(config.emulators === undefined ? {} : { emulatorHost: config.emulators.spanner }),
      schema: storeSchema,
      clock: systemClock,
    });
    const applied = await database.migrate(storeMigrations);
    await database.close();
    log.info('The store is up to date', { applied: [...applied] });
    process.exit(0);
  } catch (error) {
    log.error('The store could not be migrated', { error });
    process.exit(1);
  }
}
