import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startBigQuery } from './bigquery.ts';
import { startCloudTasks } from './cloud-tasks.ts';
import { startKms } from './kms.ts';
import { startPushRelay } from './push-relay.ts';

/**
 * All stand-ins in one process, each on its port of this machine, until SIGTERM: what `docker/compose.yaml` starts beside the emulators. It
 * exits with 78, as our services do, when it is not told the ports.
 */
const { values } = parseArgs({
  options: {
    'cloud-tasks': { type: 'string' },
    kms: { type: 'string' },
    bigquery: { type: 'string' },
    /** Gives the pushes of the Pub/Sub emulator the token that it does not send, in the name of `push-account`. */
    relay: { type: 'string' },
    'push-account': { type: 'string' },
  },
});
const { 'cloud-tasks': tasksPort, kms, bigquery, relay, 'push-account': pushAccount } = values;
if (!tasksPort || !kms || !bigquery || !relay || !pushAccount) {
  process.stderr.write('Needed: --cloud-tasks, --kms, --bigquery and --relay PORT, --push-account EMAIL\n');
  process.exit(78);
}

const clock = {
  now: () => Date.now(),
  sleep: (ms: number, signal?: AbortSignal) =>
    setTimeout(ms, undefined, signal === undefined ? {} : { signal }),
};
const cloudTasks = await startCloudTasks({ clock, port: Number(tasksPort) });
const running = [
  cloudTasks,
  await startKms({ port: Number(kms) }),
  await startBigQuery({ port: Number(bigquery) }),
  await startPushRelay(cloudTasks.idTokens, pushAccount, Number(relay)),
];
process.stdout.write('The stand-ins listen\n');

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void Promise.all(running.map((one) => one.close())).then(() => process.exit(0));
  });
}
