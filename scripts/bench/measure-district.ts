import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProvider } from '../../packages/cli/src/demo/simulated-provider.ts';
import { findFreePorts } from '../../packages/cli/src/fleet/choose-ports.ts';
import { connectCustomer } from '../../packages/cli/src/fleet/connect-customer.ts';
import { connectFleet, type Fleet } from '../../packages/cli/src/fleet/connect-fleet.ts';
import { findServices } from '../../packages/cli/src/fleet/find-services.ts';
import { openFleetHome } from '../../packages/cli/src/fleet/fleet-home.ts';
import { type RunningFleet, startFleet } from '../../packages/cli/src/fleet/start-fleet.ts';
import type { Host } from '../../packages/cli/src/host.ts';
import { followRun } from '../../packages/cli/src/progress/follow-run.ts';
import { waitForWarehouse } from '../../packages/cli/src/progress/wait-for-warehouse.ts';
import { type RunProgressAnswer, StartedAnswer } from '../../packages/cli/src/rpc/answers.ts';
import { useEmbeddedStack } from '../../packages/cli/src/stack/embedded-stack.ts';
import { markStore, type Written, writtenSince } from './count-written.ts';
import { readCpuSeconds, readPeakMiB } from './process-facts.ts';

/** What one district did to a fleet of its own. */
export interface DistrictMeasurement {
  readonly students: number;
  readonly records: number;
  readonly first: SyncMeasurement;
  /** From the start of the first sync until the warehouse had its last change. */
  readonly landedSeconds: number;
  readonly unchanged: SyncMeasurement;
  /** Peak resident memory of each service after both syncs, in MiB. */
  readonly peakMiB: Readonly<Record<string, number>>;
}

export interface SyncMeasurement {
  readonly seconds: number;
  /** Of the vendor's service: what can be compared on a machine that others use too. */
  readonly cpuSeconds: number;
  readonly written: Written;
}

interface Stage {
  readonly host: Host;
  readonly home: string;
  readonly running: RunningFleet;
  readonly fleet: Fleet;
}

const integration = { customerId: 'bench', integrationId: 'oneroster' };
const serviceNames = ['control', 'oneroster', 'warehouse'];

/** Starts a provider and a fleet as processes of their own, syncs the district twice, and ends them. */
export async function measureDistrict(host: Host, students: number): Promise<DistrictMeasurement> {
  await using cleanup = new AsyncDisposableStack();
  const stage = await setStage(host, students, cleanup);
  const first = await measureSync(stage);
  await waitForWarehouse({
    ...integration,
    warehouse: stage.fleet.service('warehouse'),
    lastSequence: first.run.lastSequence,
    clock: host.clock,
    signal: host.interrupted,
  });
  const landedSeconds = (host.clock.now() - first.startedAt) / 1000;
  const unchanged = await measureSync(stage);
  return {
    students,
    records: first.run.entityTypes.reduce((sum, { counts }) => sum + counts.received, 0),
    first: first.measured,
    landedSeconds,
    unchanged: unchanged.measured,
    peakMiB: Object.fromEntries(
      Object.entries(stage.running.services).map(([name, { pid }]) => [name, readPeakMiB(pid)]),
    ),
  };
}

async function setStage(host: Host, students: number, cleanup: AsyncDisposableStack): Promise<Stage> {
  const home = openFleetHome(mkdtempSync(join(tmpdir(), 'flotilla-bench-')));
  cleanup.defer(() => {
    home.release();
    rmSync(home.path, { recursive: true, force: true });
  });
  const provider = await startProvider(host, {
    vendor: 'oneroster',
    choices: { version: '1.2', auth: 'oauth2' },
    students,
    seed: 1,
  });
  cleanup.defer(provider.stop);
  const running = await startFleet({
    home,
    services: findServices(join(host.repository, 'services')).filter(({ name }) =>
      serviceNames.includes(name),
    ),
    ports: await findFreePorts(serviceNames),
    stack: useEmbeddedStack(home),
    node: host.node,
    environment: { LOG_LEVEL: 'warn', ...host.childEnvironment },
    clock: host.clock,
    interrupted: host.interrupted,
    onLine: (name, line) => host.terminal.note(`${name} ${line}`),
    onEvent: (event) => {
      if (event.kind === 'crashed') host.terminal.note(JSON.stringify(event));
    },
  });
  cleanup.defer(running.stop);
  const fleet = connectFleet(
    { token: running.token, services: running.services },
    { clock: host.clock, signal: host.interrupted },
  );
  await connectCustomer(fleet, {
    ...integration,
    name: 'Bench District',
    vendor: 'oneroster',
    timeZone: 'UTC',
    connection: { baseUrl: provider.baseUrl, version: '1.2' },
    credential: provider.credential,
  });
  return { host, home: home.path, running, fleet };
}

interface MeasuredRun {
  readonly run: RunProgressAnswer;
  readonly startedAt: number;
  readonly measured: SyncMeasurement;
}

async function measureSync({ host, home, running, fleet }: Stage): Promise<MeasuredRun> {
  const { clock, interrupted: signal } = host;
  const service = fleet.service('oneroster');
  const pid = running.services.oneroster?.pid ?? 0;
  const mark = markStore(home);
  const cpuBefore = readCpuSeconds(pid);
  const startedAt = clock.now();
  const { runId } = await service.call('rosters.sync.v1', integration, StartedAnswer);
  const run = await followRun({
    service,
    customerId: integration.customerId,
    runId,
    clock,
    signal,
    onProgress: () => undefined,
  });
  if (run.state !== 'succeeded' || run.startedAt === null || run.finishedAt === null)
    throw new Error(`The run ended as ${run.state}: ${JSON.stringify(run.failure)}`);
  const measured = {
    seconds: (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000,
    cpuSeconds: readCpuSeconds(pid) - cpuBefore,
    written: writtenSince(home, mark),
  };
  return { run, startedAt, measured };
}
