import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Failure } from '@flotilla/substrate/failure';
import type { Host } from '../host.ts';

/** A program that is run in the repository, to its end. */
export interface ToolStep {
  readonly about: string;
  readonly command: readonly [string, ...string[]];
}

/** Fails with `unavailable`, showing what the program said last, where it does not succeed. */
export async function runStep(host: Host, { about, command: [program, ...args] }: ToolStep): Promise<void> {
  try {
    await promisify(execFile)(program, args, {
      cwd: host.repository,
      env: { ...host.childEnvironment },
      signal: host.interrupted,
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (cause) {
    host.interrupted.throwIfAborted();
    throw new Failure('unavailable', 'The folder is written, but a step after it failed', {
      data: {
        step: about,
        log: lastLines(cause),
        advice: `See what it says, then do it by hand: ${[program, ...args].join(' ')}`,
      },
      cause,
    });
  }
}

function lastLines(cause: unknown): string {
  const { stdout = '', stderr = '' } = cause as { readonly stdout?: string; readonly stderr?: string };
  const text = `${stdout}${stderr}`.trimEnd() || String(cause);
  return text.split('\n').slice(-20).join('\n');
}
