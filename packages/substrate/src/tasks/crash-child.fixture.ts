import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** For tests: a child process that is meant to be killed. `lines` grows as it prints. */
export interface CrashChild {
  readonly lines: readonly string[];
  readonly ready: Promise<void>;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
}

/** Runs a TypeScript file in a Node of its own; it is ready when it has printed its first line. */
export function startCrashChild(file: URL, args: readonly string[]): CrashChild {
  const child: ChildProcess = spawn(process.execPath, [file.pathname, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines: string[] = [];
  const ready = new Promise<void>((resolve, reject) => {
    void ended.then(() => reject(new Error('the child ended before it was ready')));
    if (child.stdout === null) throw new Error('the child has no output');
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line);
      resolve();
    });
  });
  // Whoever kills a child before it was ready does not wait for it to be.
  ready.catch(() => undefined);

  async function kill(): Promise<void> {
    child.kill('SIGKILL');
    await ended;
  }

  return { lines, ready, kill };
}
