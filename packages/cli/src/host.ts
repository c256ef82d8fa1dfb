import { once } from 'node:events';
import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { addAbortSignal } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Clock } from '@flotilla/substrate/clock/clock';
import { systemClock } from '@flotilla/substrate/clock/clock.system';
import { createTerminal, type Terminal } from './output/terminal.ts';

/** The process as commands see it. Only this file reads arguments, environment, streams and signals. */
export interface Host {
  /** Where the person stands; relative paths are from here. */
  readonly cwd: string;
  /** The root of the repository, wherever the person stands. */
  readonly repository: string;
  readonly terminal: Terminal;
  readonly clock: Clock;
  /** Aborts at Ctrl-C, SIGTERM, SIGHUP, and, for a process that one of ours started, when its parent is gone. */
  readonly interrupted: AbortSignal;
  /** Whom the machine knows the person by. */
  readonly userName: string;
  /** Asks the desktop to; it does not tell what became of it. False where there is no screen, as over SSH. */
  openInBrowser(url: string): Promise<boolean>;
  /** How a process of ours is started: this very Node, and an environment without settings of other fleets. */
  readonly node: string;
  readonly childEnvironment: Readonly<Record<string, string>>;
  readStandardInput(): Promise<string>;
  readonly standardInput: {
    /** Whether it is a person's keyboard. */
    readonly isTerminal: boolean;
    /** Piece by piece, each when it is asked for; fails once the process is interrupted. */
    read(): AsyncIterable<Uint8Array>;
  };
  /** Resolves when whoever reads our results has taken them: what prints much waits for it, so that it does not pile up here. */
  whenOutputTaken(): Promise<void>;
  /** For a command that has said all itself and yet did not succeed: exit code 1. */
  markFailed(): void;
}

export interface HostProcess {
  readonly args: readonly string[];
  readonly host: Host;
  /** Whether a command marked itself as failed. */
  readonly hasFailed: boolean;
  /** Ends the process when all that was printed is out. */
  exit(code: number): Promise<never>;
}

/** One Ctrl-C arrives more than once: from the terminal and from each parent that passes it on. Later ones are a person who insists. */
const echoMs = 500;

export function openHostProcess(): HostProcess {
  const interruption = new AbortController();
  let interruptedAt: number | undefined;
  let hasFailed = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (interruptedAt !== undefined && performance.now() - interruptedAt > echoMs) process.exit(130);
      interruptedAt ??= performance.now();
      interruption.abort(new Error(signal));
    });
  }
  if (process.env.FLOTILLA_PARENT === '1') {
    process.stdin.on('end', leave).on('error', leave).resume();
  }
  function leave(): void {
    interruption.abort(new Error('The parent process has gone'));
  }
  for (const stream of [process.stdout, process.stderr]) {
    // Whoever read our output has stopped (`| head`): there is nobody left to tell.
    stream.on('error', () => process.exit(0));
  }
  const repository = resolve(dirname(import.meta.dirname), '../..');
  return {
    args: process.argv.slice(2),
    host: {
      cwd: process.cwd(),
      repository,
      terminal: createTerminal({
        out: process.stdout,
        err: process.stderr,
        wantsColor: wantsColor(process.env, process.stdout.isTTY),
      }),
      clock: systemClock,
      interrupted: interruption.signal,
      node: process.execPath,
      childEnvironment: {
        // Halves the start of a service, from its second start on; Node falls back to compiling when it cannot write there.
        NODE_COMPILE_CACHE: join(repository, 'node_modules', '.cache', 'compile'),
        ...withoutFleetSettings(process.env),
      },
      get userName() {
        return findUserName();
      },
      openInBrowser: (url) => (hasScreen(process.env) ? openInBrowser(url) : Promise.resolve(false)),
      readStandardInput: () => text(process.stdin),
      standardInput: {
        // Looked at when asked for: to look at the input is to open it.
        get isTerminal() {
          return process.stdin.isTTY;
        },
        read: () => addAbortSignal(interruption.signal, process.stdin),
      },
      whenOutputTaken: () => drained(process.stdout, interruption.signal),
      markFailed() {
        hasFailed = true;
      },
    },
    get hasFailed() {
      return hasFailed;
    },
    async exit(code) {
      for (const stream of [process.stdout, process.stderr]) await drained(stream);
      process.exit(code);
    },
  };
}

async function drained(stream: NodeJS.WriteStream, signal?: AbortSignal): Promise<void> {
  if (stream.writableNeedDrain) await once(stream, 'drain', signal === undefined ? {} : { signal });
}

/** A process may run as a user that the machine has no entry for, as in containers. */
function findUserName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'somebody';
  }
}

/** On Linux without one, what opens pages would open them as text, in this very terminal. */
function hasScreen(env: NodeJS.ProcessEnv): boolean {
  if (env.SSH_CONNECTION !== undefined || env.SSH_TTY !== undefined) return false;
  if (process.platform !== 'linux') return true;
  return ['DISPLAY', 'WAYLAND_DISPLAY', 'WSL_DISTRO_NAME'].some((name) => (env[name] ?? '') !== '');
}

async function openInBrowser(url: string): Promise<boolean> {
  const { default: open } = await import('open');
  return await open(url).then(
    () => true,
    () => false,
  );
}

/** https://no-color.org, https://force-color.org */
function wantsColor(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if ((env.NO_COLOR ?? '') !== '') return false;
  if ((env.FORCE_COLOR ?? '') !== '') return env.FORCE_COLOR !== '0';
  return isTerminal && env.TERM !== 'dumb';
}

function withoutFleetSettings(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(FLOTILLA_|npm_|PORT$|INIT_CWD$)/i.test(entry[0]),
  );
  return Object.fromEntries(kept);
}
