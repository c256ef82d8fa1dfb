import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startBigQuery } from '@flotilla/stand-ins/bigquery';
import { startCloudTasks } from '@flotilla/stand-ins/cloud-tasks';
import { startKms } from '@flotilla/stand-ins/kms';
import { startPushRelay } from '@flotilla/stand-ins/push-relay';
import { Failure } from '@flotilla/substrate/failure';
import { type EmulatorName, findEmulator, startEmulator } from '@flotilla/substrate/testing/emulators';
import type { FleetHome } from '../fleet/fleet-home.ts';
import type { Host } from '../host.ts';
import type { FleetStack } from './fleet-stack.ts';

const project = 'flotilla-emulators';
const accounts = {
  tasks: `tasks@${project}.iam.gserviceaccount.com`,
  push: `push@${project}.iam.gserviceaccount.com`,
};

/**
 * The same services as in Google Cloud, on the official emulators of Spanner and Pub/Sub and on stand-ins for Cloud Tasks, BigQuery and Cloud
 * KMS in this process. All of it is in memory: what is stored is gone when it stops.
 */
export async function startEmulatorStack(host: Host, home: FleetHome): Promise<FleetStack> {
  await using cleanup = new AsyncDisposableStack();
  const { clock } = host;

  async function start(name: EmulatorName): Promise<string> {
    const found = await findEmulator(name);
    if ('missing' in found)
      throw new Failure('unavailable', 'An emulator is not on this machine', {
        data: { advice: found.missing },
      });
    const emulator = await startEmulator(name, found.path);
    cleanup.defer(emulator.stop);
    return emulator.host;
  }

  const cloudTasks = await startCloudTasks({ clock });
  cleanup.defer(cloudTasks.close);
  const kms = await startKms();
  cleanup.defer(kms.close);
  const bigquery = await startBigQuery();
  cleanup.defer(bigquery.close);
  const relay = await startPushRelay(cloudTasks.idTokens, accounts.push);
  cleanup.defer(relay.close);
  const starting = [start('spanner'), start('pubsub')] as const;
  // Where one does not start, the other must be in the cleanup first.
  await Promise.allSettled(starting);
  const [spanner, pubsub] = await Promise.all(starting);

  const environment = {
    FLOTILLA_STACK: 'google',
    GOOGLE_CLOUD_PROJECT: project,
    FLOTILLA_REGION: 'us-central1',
    FLOTILLA_SPANNER: 'flotilla/fleet',
    FLOTILLA_DATASET: 'flotilla',
    FLOTILLA_KEY_RING: 'flotilla',
    FLOTILLA_TASKS_ACCOUNT: accounts.tasks,
    FLOTILLA_CALLERS: JSON.stringify({ [accounts.tasks]: 'tasks', [accounts.push]: 'push' }),
    FLOTILLA_EMULATORS: JSON.stringify({
      spanner,
      pubsub,
      cloudTasks: cloudTasks.port,
      kms: kms.port,
      bigquery: bigquery.endpoint,
      certificates: relay.certificatesUrl,
      pushTo: relay.pushTo,
      token: home.token,
    }),
    // Else a client's first call waits three seconds for the server that only Google's machines have.
    METADATA_SERVER_DETECTION: 'none',
  };
  await migrate(host, environment);
  const started = cleanup.move();
  return {
    environment,
    countMessages: () => relay.messages,
    stop: () => started.disposeAsync(),
  };
}

/** By the same program that does it in a project. */
async function migrate(host: Host, environment: Readonly<Record<string, string>>): Promise<void> {
  try {
    await promisify(execFile)(host.node, [join(host.repository, 'services/control/src/migrate.ts')], {
      env: { ...host.childEnvironment, ...environment },
      signal: host.interrupted,
    });
  } catch (cause) {
    throw new Failure('unavailable', 'The store could not be made on the Spanner emulator', { cause });
  }
}
