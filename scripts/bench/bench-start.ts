import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findFreePorts } from '../../packages/cli/src/fleet/choose-ports.ts';
import type { Host } from '../../packages/cli/src/host.ts';
import { bundleService } from '../bundle-service.ts';

const usage = `npm run bench -- start [--rounds N] [--json]
  --rounds N   how often each is started (default 15)
  --json       the measurements as JSON`;

/** A process that answers `GET /healthz` on its port. */
interface Starter {
  readonly name: string;
  readonly script: string;
  readonly environment: Readonly<Record<string, string>>;
}

interface Measured {
  readonly name: string;
  /** From the process's start to its first answer, in milliseconds: the median. */
  readonly ms: number;
  /** To that of a bare express server. */
  readonly ratio: number;
}

/**
 * How long a service takes from the start of its process to its first answer, on each stack, against a bare express server on the same Node: a
 * benchmark, never a test. All are started in turn, so that whatever else the machine does weighs on all alike; each once before, which
 * fills Node's compile cache as an image's is filled when it is built.
 */
export async function benchStart(host: Host, args: readonly string[]): Promise<string> {
  const { values } = parseArgs({
    args: [...args],
    options: { rounds: { type: 'string', default: '15' }, json: { type: 'boolean', default: false } },
  });
  const rounds = Number(values.rounds);
  if (!Number.isSafeInteger(rounds) || rounds < 1)
    throw new Error(`--rounds must be a whole number from 1.\n${usage}`);
  const home = mkdtempSync(join(tmpdir(), 'flotilla-bench-start-'));
  // Where what is loaded later is found.
  const bundles = mkdtempSync(join(host.repository, 'packages', 'substrate', '.bench-'));
  try {
    const measured = await measure(host, await startersIn(host, home, bundles), rounds);
    return values.json ? JSON.stringify(measured, null, 2) : render(measured);
  } finally {
    for (const path of [home, bundles]) rmSync(path, { recursive: true, force: true });
  }
}

async function startersIn(
  { repository }: Host,
  home: string,
  bundles: string,
): Promise<readonly [Starter, ...Starter[]]> {
  const source = join(repository, 'services', 'oneroster', 'src', 'main.ts');
  const bundle = await bundleService(repository, 'oneroster', bundles);
  const local = { FLOTILLA_HOME: home, FLOTILLA_TOKEN: 'a-token-for-the-benchmark-0123456789' };
  // Nothing of Google's is there to be called, and nothing is.
  const google = {
    FLOTILLA_STACK: 'google',
    GOOGLE_CLOUD_PROJECT: 'flotilla-bench',
    FLOTILLA_REGION: 'us-central1',
    FLOTILLA_SPANNER: 'flotilla/fleet',
    FLOTILLA_DATASET: 'flotilla',
    FLOTILLA_KEY_RING: 'flotilla',
    FLOTILLA_TASKS_ACCOUNT: 'tasks@flotilla-bench.iam.gserviceaccount.com',
    FLOTILLA_CALLERS: '{}',
  };
  return [
    { name: 'bare express', script: join(import.meta.dirname, 'bare-express.child.ts'), environment: {} },
    { name: 'oneroster, google stack, one bundle', script: bundle, environment: google },
    { name: 'oneroster, google stack, as source', script: source, environment: google },
    { name: 'oneroster, local stack, as source', script: source, environment: local },
  ];
}

async function measure(
  host: Host,
  starters: readonly [Starter, ...Starter[]],
  rounds: number,
): Promise<readonly Measured[]> {
  const timesByName = new Map(starters.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    for (const starter of starters) {
      const ms = await timeStart(host, starter, round === 0);
      if (round > 0) timesByName.get(starter.name)?.push(ms);
    }
  }
  const medians = starters.map(({ name }) => ({ name, ms: median(timesByName.get(name) ?? []) }));
  const bare = medians[0]?.ms ?? Number.NaN;
  return medians.map(({ name, ms }) => ({ name, ms, ratio: ms / bare }));
}

async function timeStart(host: Host, { script, environment }: Starter, isFirst: boolean): Promise<number> {
  const { service: port } = await findFreePorts(['service']);
  const url = `http://127.0.0.1:${port}`;
  const startedAt = performance.now();
  const child = spawn(host.node, [script], {
    env: {
      ...host.childEnvironment,
      ...environment,
      PORT: String(port),
      FLOTILLA_SERVICES: JSON.stringify({ oneroster: url }),
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const closed = once(child, 'close');
  try {
    while (!(await answers(`${url}/healthz`))) {
      host.interrupted.throwIfAborted();
      if (child.exitCode !== null)
        throw new Error(`${script} ended with ${child.exitCode} before it answered`);
      await host.clock.sleep(1);
    }
    return performance.now() - startedAt;
  } finally {
    // Node writes its compile cache when a process ends by itself.
    child.kill(isFirst ? 'SIGTERM' : 'SIGKILL');
    await closed;
  }
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    request(url, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    })
      .on('error', () => resolve(false))
      .end();
  });
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function render(measured: readonly Measured[]): string {
  const lines = measured.map(
    ({ name, ms, ratio }) =>
      `${name.padEnd(38)}${ms.toFixed(0).padStart(6)} ms${ratio.toFixed(2).padStart(8)}`,
  );
  return [
    'From the start of the process to its first answer (medians), and against bare express:',
    ...lines,
  ].join('\n');
}
