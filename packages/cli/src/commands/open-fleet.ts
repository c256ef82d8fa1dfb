import { join, resolve } from 'node:path';
import { connectFleet, type Fleet } from '../fleet/connect-fleet.ts';
import { requireFleetFile } from '../fleet/fleet-file.ts';
import type { Host } from '../host.ts';
import { command } from '../output/command-line.ts';

/** The home that a command works on: what was asked for, from where the person stands, or the repository's own. */
export function homePath({ cwd, repository }: Host, home: string | undefined): string {
  return home === undefined ? join(repository, '.flotilla') : resolve(cwd, home);
}

/** A command line as a person types it for the same fleet. */
export function commandOn({ home }: { readonly home?: string }, ...words: readonly string[]): string {
  return command(...words, ...(home === undefined ? [] : ['--home', home]));
}

/** The fleet that `dev` runs. Fails with `unavailable` when it does not. */
export function openFleet(host: Host, flags: { readonly home?: string }): Fleet {
  const file = requireFleetFile(homePath(host, flags.home), commandOn(flags, 'dev'));
  return connectFleet(file, { clock: host.clock, signal: host.interrupted });
}
