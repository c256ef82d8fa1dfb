import { type ChildProcess, spawn } from 'node:child_process';
import type { Clock } from '@flotilla/substrate/clock/clock';
import { splitLines } from './split-lines.ts';

export interface OwnProcessOptions {
  readonly node: string;
  /** Flags for Node, the file that it runs, and its arguments. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly onOutput: (line: string) => void;
  readonly onErrorOutput: (line: string) => void;
}

/** A process that lives no longer than ours: its standard input is a pipe that we hold, and it leaves when that ends. */
export interface OwnProcess {
  readonly pid: number;
  /** How it ended, in words: `exit code 1`, `SIGKILL`. */
  readonly ended: Promise<ProcessEnd>;
  /** SIGTERM; SIGKILL for one that does not end within its grace. Resolves when it is gone. */
  stop(): Promise<void>;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly description: string;
}

/** A service ends within ten seconds of SIGTERM. */
const graceMs = 12_000;

export function startOwnProcess(options: OwnProcessOptions): OwnProcess {
  const { node, command, environment, clock, onOutput, onErrorOutput } = options;
  const child = spawn(node, [...command], {
    env: { ...environment, FLOTILLA_PARENT: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C in the terminal reaches us alone, and we end the others in order.
    detached: process.platform !== 'win32',
  });
  // A write to a child that is gone; its end is reported by `ended`.
  child.stdin.on('error', () => {});
  splitLines(child.stdout, onOutput);
  splitLines(child.stderr, onErrorOutput);
  const ended = whenEnded(child);

  return {
    pid: child.pid ?? 0,
    ended,
    async stop() {
      const gone = new AbortController();
      child.kill('SIGTERM');
      clock.sleep(graceMs, gone.signal).then(
        () => child.kill('SIGKILL'),
        () => {},
      );
      await ended;
      gone.abort();
    },
  };
}

function whenEnded(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, description: error.message }));
    // Not `exit`: what it printed last has arrived by then.
    child.once('close', (code, signal) =>
      resolve({ code, description: signal === null ? `exit code ${code}` : signal }),
    );
  });
}
