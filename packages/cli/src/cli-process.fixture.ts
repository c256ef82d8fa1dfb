import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

/** The command line as a process of its own, as people start it. */
export interface CliProcess {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  readonly out: () => string;
  readonly err: () => string;
  readonly ended: Promise<number | null>;
}

export interface CliInput {
  /** What it finds on its standard input; nothing if left out. */
  readonly input?: string;
  /** Leaves the input open behind it, for more to come. */
  readonly isOpen?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

export function startCli(args: readonly string[], { input, isOpen = false, env }: CliInput = {}): CliProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
  });
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  if (isOpen) child.stdin?.write(input ?? '');
  else child.stdin?.end(input);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, out: () => out, err: () => err, ended };
}

/** Runs it to its end. */
export async function runCli(
  args: readonly string[],
  input: CliInput = {},
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const cli = startCli(args, input);
  const code = await cli.ended;
  return { code, out: cli.out(), err: cli.err() };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
