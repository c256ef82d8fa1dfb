import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Failure } from '@flotilla/substrate/failure';
import { readFleetFile } from './fleet-file.ts';
import { writeWhole } from './write-whole.ts';

/** The folder in which a local fleet keeps everything, held by one process at a time. */
export interface FleetHome {
  readonly path: string;
  /** The fleet's token: made once, kept in the home. */
  readonly token: string;
  /** Lets another process have the home. */
  release(): void;
}

/** Creates what is missing, and closes a home to all but its owner. Fails with `already_exists` while another process holds the home. */
export function openFleetHome(path: string): FleetHome {
  createPrivateFolder(path);
  const release = takeLock(path);
  return { path, token: readOrCreateToken(path), release };
}

/**
 * Databases in the home hold pupils' data. `mkdir` leaves the mode of a folder that is there already as it was: one that is empty or a
 * fleet's home is closed; any other is somebody's for another purpose, and its mode is not ours to change.
 */
function createPrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const names = readdirSync(path);
  const isOurs = names.length === 0 || names.includes('token') || names.includes('dev.lock');
  if (isOurs && (statSync(path).mode & 0o777) !== 0o700) chmodSync(path, 0o700);
}

/** The operating system lets go of SQLite's lock when the process dies, however it dies: no stale lock, no reused process number. */
function takeLock(home: string): () => void {
  const database = new DatabaseSync(join(home, 'dev.lock'));
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new Failure('already_exists', 'A fleet is running on this home already', {
      data: {
        home,
        services: describeRunning(home),
        advice: 'Use that one, stop it with Ctrl-C, or start another with --home DIR.',
      },
      cause,
    });
  }
  return () => database.close();
}

function describeRunning(home: string): string {
  const services = Object.entries(readFleetFile(home)?.services ?? {});
  return services.length === 0
    ? 'still starting, or about to end'
    : services.map(([name, { url, pid }]) => `${name} ${url} (process ${pid})`).join(', ');
}

function readOrCreateToken(home: string): string {
  const path = join(home, 'token');
  if (!existsSync(path)) writeWhole(path, randomBytes(32).toString('hex'));
  chmodSync(path, 0o600);
  const token = readFileSync(path, 'utf8').trim();
  if (/^[0-9a-f]{32,}$/.test(token)) return token;
  throw new Failure('config_invalid', 'The file with the token of the fleet is damaged', {
    data: { path, advice: 'Delete the file; the next start makes a new token.' },
  });
}
