import type { LoadedService } from './load-services.ts';
import type { Renderer } from './rendered-file.ts';

/** Of this machine: all containers have one network of their own, in which each listens on its port. */
const ports = { spanner: 9010, pubsub: 8085, cloudTasks: 8123, kms: 8124, relay: 8125, bigquery: 9050 };
/** Not those of `flotilla dev`. */
const firstServicePort = 4301;

const project = 'flotilla-compose';
const accounts = {
  tasks: `tasks@${project}.iam.gserviceaccount.com`,
  push: `push@${project}.iam.gserviceaccount.com`,
};
/** Nothing of it leaves the machine, and everything is gone when it stops. */
const token = 'flotilla-compose-on-this-machine-only';

/** `docker/compose.yaml`: the fleet on emulators and stand-ins, for people who have Docker. */
export const renderCompose: Renderer = (_root, services) => {
  const fleet = services.map(({ folder }, index) => ({ folder, port: firstServicePort + index }));
  const lastPort = firstServicePort + fleet.length - 1;
  const text = [
    '# Rendered by `npm run render`. The fleet on emulators:  docker compose -f docker/compose.yaml up --build',
    '# Each service answers on 127.0.0.1 at its PORT below, to the token in FLOTILLA_EMULATORS. All of it is in memory.',
    'name: flotilla',
    '',
    'x-environment: &environment',
    ...Object.entries(sharedEnvironment(fleet)).map(([name, value]) => `  ${name}: '${value}'`),
    '',
    'services:',
    '  # The others are in its network, so that 127.0.0.1 is the same for all. It is healthy when the emulators listen too.',
    ...block('stand-ins', [
      ...buildOf('stand-ins', 'packages'),
      `command: [node, src/main.ts, --cloud-tasks, '${ports.cloudTasks}', --kms, '${ports.kms}', --bigquery, '${ports.bigquery}', --relay, '${ports.relay}', --push-account, '${accounts.push}']`,
      `ports: ['127.0.0.1:${firstServicePort}-${lastPort}:${firstServicePort}-${lastPort}']`,
      'healthcheck:',
      `  test: [CMD, node, -e, '${everythingListens()}']`,
      '  interval: 2s',
      '  retries: 60',
    ]),
    ...block('spanner', [
      'image: gcr.io/cloud-spanner-emulator/emulator:1.5.28',
      'network_mode: service:stand-ins',
    ]),
    ...block('pubsub', [
      'image: gcr.io/google.com/cloudsdktool/google-cloud-cli:528.0.0-emulators',
      `command: [gcloud, beta, emulators, pubsub, start, '--host-port=127.0.0.1:${ports.pubsub}', '--project=${project}']`,
      'network_mode: service:stand-ins',
    ]),
    ...block('migrate', [
      ...buildOf('control', 'services'),
      'command: [node, src/migrate.ts]',
      'environment: *environment',
      'network_mode: service:stand-ins',
      'depends_on:',
      '  stand-ins: { condition: service_healthy }',
    ]),
    ...fleet.flatMap(({ folder, port }) =>
      block(folder, [
        ...buildOf(folder, 'services'),
        `environment: { <<: *environment, PORT: '${port}' }`,
        'network_mode: service:stand-ins',
        'depends_on:',
        '  migrate: { condition: service_completed_successfully }',
      ]),
    ),
  ];
  return [{ path: 'docker/compose.yaml', text: text.join('\n') }];
};

function sharedEnvironment(
  fleet: readonly { readonly folder: LoadedService['folder']; readonly port: number }[],
): Readonly<Record<string, string>> {
  const { spanner, pubsub, cloudTasks, kms, relay, bigquery } = ports;
  return {
    FLOTILLA_STACK: 'google',
    GOOGLE_CLOUD_PROJECT: project,
    FLOTILLA_REGION: 'us-central1',
    FLOTILLA_SPANNER: 'flotilla/fleet',
    FLOTILLA_DATASET: 'flotilla',
    FLOTILLA_KEY_RING: 'flotilla',
    FLOTILLA_TASKS_ACCOUNT: accounts.tasks,
    FLOTILLA_CALLERS: JSON.stringify({ [accounts.tasks]: 'tasks', [accounts.push]: 'push' }),
    FLOTILLA_SERVICES: JSON.stringify(
      Object.fromEntries(fleet.map(({ folder, port }) => [folder, `http://127.0.0.1:${port}`])),
    ),
    FLOTILLA_EMULATORS: JSON.stringify({
      spanner: `127.0.0.1:${spanner}`,
      pubsub: `127.0.0.1:${pubsub}`,
      cloudTasks,
      kms,
      bigquery: `http://127.0.0.1:${bigquery}`,
      certificates: `http://127.0.0.1:${relay}/certificates`,
      pushTo: `http://127.0.0.1:${relay}/push/`,
      token,
    }),
    // Else a client's first call waits three seconds for the server that only Google's machines have.
    METADATA_SERVER_DETECTION: 'none',
  };
}

/** A program for `node -e` that ends with 0 when each port is open. */
function everythingListens(): string {
  const list = Object.values(ports).join(',');
  return `for (const port of [${list}]) require("net").connect(port, "127.0.0.1", function () { this.end() })`;
}

function buildOf(name: string, folder: string): readonly string[] {
  return [
    'build:',
    '  context: ..',
    '  dockerfile: docker/Dockerfile',
    `  args: { SERVICE: ${name}, FOLDER: ${folder} }`,
  ];
}

function block(name: string, lines: readonly string[]): readonly string[] {
  return [`  ${name}:`, ...lines.map((line) => `    ${line}`), ''];
}
