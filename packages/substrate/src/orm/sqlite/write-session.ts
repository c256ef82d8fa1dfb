import { systemClock } from '../../clock/clock.system.ts';
import { Failure, isFailure } from '../../failure/failure.ts';
import { createTurnstile } from '../turnstile.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/** The one writing connection of this process, in turns. */
export interface WriteSessions {
  /** Waits for the turn and for the file's write lock, then begins a transaction. */
  begin(): Promise<WriteSession>;
}

export interface WriteSession {
  readonly connection: SqliteConnection;
  commit(): void;
  /** Ends the turn; rolls back what was not committed. */
  end(): void;
}

/** Another process may hold the lock for as long as its transaction's body takes. */
const mostWaitMs = 60_000;
const longestPauseMs = 25;

export function createWriteSessions(connection: SqliteConnection): WriteSessions {
  const turnstile = createTurnstile();

  async function begin(): Promise<WriteSession> {
    const leave = await turnstile.enter();
    try {
      await beginImmediate(connection);
    } catch (thrown) {
      leave();
      throw thrown;
    }
    let isOpen = true;
    return {
      connection,
      commit() {
        connection.exec('COMMIT');
        isOpen = false;
      },
      end() {
        try {
          if (isOpen && connection.isInTransaction()) connection.exec('ROLLBACK');
        } finally {
          isOpen = false;
          leave();
        }
      },
    };
  }

  return { begin };
}

/** IMMEDIATE takes the write lock at once: a transaction that read first and wrote later could find that another had written between. */
async function beginImmediate(connection: SqliteConnection): Promise<void> {
  for (let waited = 0; ; ) {
    try {
      connection.exec('BEGIN IMMEDIATE');
      return;
    } catch (thrown) {
      if (!isFailure(thrown, 'aborted')) throw thrown;
      if (waited >= mostWaitMs) {
        throw new Failure('unavailable', 'Another process has held the database for a minute', {
          cause: thrown,
        });
      }
      const pauseMs = 1 + Math.random() * longestPauseMs;
      waited += pauseMs + 10;
      await systemClock.sleep(pauseMs);
    }
  }
}
