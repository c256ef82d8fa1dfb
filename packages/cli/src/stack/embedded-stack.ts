import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Failure } from '@flotilla/substrate/failure';
import type { FleetHome } from '../fleet/fleet-home.ts';
import type { FleetStack } from './fleet-stack.ts';

/** Files in the home; nothing has to be started. */
export function useEmbeddedStack(home: FleetHome): FleetStack {
  return {
    environment: {
      FLOTILLA_STACK: 'local',
      FLOTILLA_HOME: home.path,
      FLOTILLA_TOKEN: home.token,
    },
    countMessages: () => countMessages(home.path),
    stop: () => Promise.resolve(),
  };
}

/**
 * The bus deletes what it has delivered, but SQLite remembers the last number that it gave (https://sqlite.org/autoinc.html), so not even a
 * message that the warehouse takes for a repetition goes unseen.
 */
function countMessages(home: string): number {
  const database = new DatabaseSync(join(home, 'bus.sqlite'), { readOnly: true });
  try {
    const row = database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'payload'").get();
    if (typeof row?.seq === 'number') return row.seq;
    throw new Failure('internal', 'The bus does not tell how many messages it had', { data: { home } });
  } finally {
    database.close();
  }
}
