import { join, resolve } from 'node:path';
import { connectFleet, type Fleet } from '../fleet/connect-fleet.ts';
import { requireFleetFile } from '../fleet/fleet-file.ts';
import type { Host } from '../host.ts';

/** The home that a command works on: what was asked for, from where the person stands, or the repository's own. */
export function homePath({ cwd, repository }: Host, home: string | undefined): string {
  return home === undefined ? join(repository, '.flotilla') : resolve(cwd, home);
}

/** The fleet that `dev` runs. Fails with `unavailable` when it does not. */
export function openFleet(host: Host, flags: { readonly home?: string }): Fleet {
  const file = requireFleetFile(homePath(host, flags.home));
  return connectFleet(file, { clock: host.clock, signal: host.interrupted });
}
