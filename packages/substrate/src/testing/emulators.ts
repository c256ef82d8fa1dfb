import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '../clock/clock.system.ts';
import { Failure } from '../failure/failure.ts';

export interface Emulator {
  /** `host:port`, as SPANNER_EMULATOR_HOST and PUBSUB_EMULATOR_HOST have it. */
  readonly host: string;
  stop(): Promise<void>;
}

/** A path, or why there is none and how to get it: one line, to be printed where tests are skipped for it. */
export type Found = { readonly path: string } | { readonly missing: string };

const emulators = {
  spanner: {
    title: 'Spanner emulator',
    component: 'cloud-spanner-emulator',
    program: ['bin', 'cloud_spanner_emulator', 'emulator_main'],
    toArguments: (port: number) => ['--host_port', `127.0.0.1:${port}`],
    environment: {},
  },
  pubsub: {
    title: 'Pub/Sub emulator',
    component: 'pubsub-emulator',
    program: ['platform', 'pubsub-emulator', 'bin', 'cloud-pubsub-emulator'],
    toArguments: (port: number) => ['--host=127.0.0.1', `--port=${port}`],
    // It lives for minutes: compiling it well is not worth the processor.
    environment: { JAVA_OPTS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' },
  },
} as const;

export type EmulatorName = keyof typeof emulators;

/** Where an emulator's program lies: in FLOTILLA_CLOUD_SDK_ROOT, else in the Cloud SDK that `gcloud` belongs to. */
export async function findEmulator(
  name: EmulatorName,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Found> {
  const { title, component, program } = emulators[name];
  const howToGet = `install the Google Cloud SDK with "gcloud components install ${component}", or name its folder in FLOTILLA_CLOUD_SDK_ROOT`;
  const named = environment['FLOTILLA_CLOUD_SDK_ROOT'];
  const root = named === undefined || named === '' ? await askGcloud() : named;
  if (root === undefined)
    return { missing: `The ${title} needs the Google Cloud SDK, and there is no gcloud here: ${howToGet}` };
  const path = join(root, ...program);
  return existsSync(path) ? { path } : { missing: `There is no ${title} at ${path}: ${howToGet}` };
}

async function askGcloud(): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(
      'gcloud',
      ['info', '--format=value(installation.sdk_root)'],
      { timeout: 30_000 },
    );
    return stdout.trim() === '' ? undefined : stdout.trim();
  } catch {
    return undefined;
  }
}

/** Starts the emulator on a free port and waits until it answers. It ends with `stop`, or with this process, however that ends. */
export async function startEmulator(name: EmulatorName, path: string): Promise<Emulator> {
  const { title, toArguments, environment } = emulators[name];
  const port = await findFreePort();
  const child = spawnTethered(path, toArguments(port), environment);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-2_000);
  });
  for (let attempt = 0; !(await isListening(port)); attempt++) {
    if (child.exitCode !== null || child.signalCode !== null || attempt > 1_200) {
      child.stdin?.end();
      throw new Failure('unavailable', 'An emulator did not start', { data: { title, path, output } });
    }
    await systemClock.sleep(50);
  }
  return {
    host: `127.0.0.1:${port}`,
    async stop() {
      child.stdin?.end();
      await exited;
    },
  };
}

/**
 * A shell beside the program waits for the end of its input, which comes when we close it and also when this process is killed,
 * and then kills the program: so none is left behind, not even by `kill -9` of the test run.
 */
function spawnTethered(
  path: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): ChildProcess {
  const script =
    'exec 3<&0; "$0" "$@" </dev/null >/dev/null 3<&- & program=$!; ' +
    '{ cat <&3 >/dev/null; kill -9 $program; } 2>/dev/null & wait $program';
  return spawn('sh', ['-c', script, path, ...args], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...process.env, ...environment },
  });
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
