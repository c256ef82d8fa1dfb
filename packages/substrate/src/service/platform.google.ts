import type { Clock } from '../clock/clock.ts';
import type { Config } from '../config/config.ts';
import { createKmsKeyRing } from '../credentials/key-ring.kms.ts';
import { createVault } from '../credentials/vault.ts';
import { createPubSubChangeBus } from '../egress/change-bus.pubsub.ts';
import { openBigQueryWarehouse } from '../egress/warehouse.bigquery.ts';
import { createLazyDatabase } from '../orm/lazy-database.ts';
import { readIntegration } from '../store/integrations.ts';
import { storeSchema } from '../store/schema.ts';
import { type CloudTaskQueue, createCloudTaskQueue } from '../tasks/task-queue.cloud.ts';
import type { googleSettings } from './google-settings.ts';
import type { Platform } from './platform.ts';

/** The adapters to Google Cloud. */
export interface GooglePlatform extends Platform {
  readonly tasks: CloudTaskQueue;
}

export interface GooglePlatformOptions {
  readonly config: Pick<
    Config<typeof googleSettings>,
    'project' | 'region' | 'spanner' | 'dataset' | 'keyRing' | 'tasksAccount' | 'emulators'
  >;
  readonly clock: Clock;
  /** False for a service that stores secrets and must never read one. */
  readonly mayUnwrap: boolean;
}

/** Makes the platform; nothing is called, and no client loaded, before its first use. The database is migrated by `migrate`. */
export function createGooglePlatform({ config, clock, mayUnwrap }: GooglePlatformOptions): GooglePlatform {
  const { project: projectId, region: location, spanner, dataset, keyRing, tasksAccount } = config;
  const { emulators } = config;
  const database = createLazyDatabase(async () => {
    // The adapter has a query builder of 250 modules with it: a quarter of what a service would load before it listens.
    const { openSpannerDatabase } = await import('../orm/database.spanner.ts');
    return openSpannerDatabase({
      projectId,
      ...spanner,
      ...(emulators === undefined ? {} : { emulatorHost: emulators.spanner }),
      schema: storeSchema,
      clock,
    });
  });
  const ring = createKmsKeyRing({
    projectId,
    location,
    keyRing,
    clock,
    ...(emulators === undefined ? {} : { port: emulators.kms }),
  });
  const vault = createVault({
    database,
    keyRing: ring,
    clock,
    mayUnwrap,
    ringOf: async ({ customerId, integrationId }) =>
      (await readIntegration(database, customerId, integrationId)).vendor,
  });
  const tasks = createCloudTaskQueue({
    projectId,
    location,
    serviceAccount: tasksAccount,
    database,
    clock,
    ...(emulators === undefined ? {} : { port: emulators.cloudTasks }),
  });
  const bus = createPubSubChangeBus({
    projectId,
    clock,
    ...(emulators === undefined ? {} : { emulatorHost: emulators.pubsub }),
  });

  return {
    store: database.withCipher(vault),
    vault,
    tasks,
    bus,
    openWarehouse: () =>
      openBigQueryWarehouse({
        projectId,
        dataset,
        location,
        clock,
        ...(emulators === undefined ? {} : { endpoint: emulators.bigquery }),
      }),
    async close() {
      // Keys are not to stay in memory because a client does not let go.
      vault.forget();
      await Promise.all([tasks.close(), bus.close(), ring.close(), database.close()]);
    },
  };
}
