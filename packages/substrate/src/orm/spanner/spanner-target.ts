import type { Session, Snapshot, Database as SpannerDatabase } from '@google-cloud/spanner';
import { Failure } from '../../failure/failure.ts';
import type { ReadBound } from '../database.ts';
import { toFixedInstant } from '../instant.ts';
import { translated } from './spanner-failure.ts';

/** Where reads go: a snapshot as of a bound, or a read-write transaction (which is a Snapshot to the client too). */
export interface SpannerTarget {
  /** `reads` says whether what is read must come from one moment although it takes several requests. */
  read<R>(reads: 'one' | 'several', body: (snapshot: Snapshot) => Promise<R>): Promise<R>;
}

/** Reads as of a bound, outside a transaction. */
export function createSnapshotTarget(database: SpannerDatabase, bound: ReadBound): SpannerTarget {
  const bounds = toTimestampBounds(bound);
  return {
    read: (reads, body) =>
      translated(async () => {
        const session = await takeSession(database);
        const snapshot = session.snapshot(bounds);
        try {
          // Without `begin` the first request opens and ends a transaction of its own, which saves a round trip. The client's
          // own `table.read` always begins.
          if (reads === 'several') await snapshot.begin();
          return await body(snapshot);
        } finally {
          snapshot.end();
          database.sessionFactory_.release(session);
        }
      }),
  };
}

type TimestampBounds = Parameters<Session['snapshot']>[0];

function toTimestampBounds(bound: ReadBound): TimestampBounds {
  if (bound === 'strong') return { strong: true };
  if ('exactStalenessMs' in bound) {
    const ms = bound.exactStalenessMs;
    if (!(ms >= 0)) throw new Failure('invalid_params', 'A staleness is a number of milliseconds from 0 on');
    return { exactStaleness: { seconds: Math.trunc(ms / 1000), nanos: Math.round((ms % 1000) * 1e6) } };
  }
  const instant = toFixedInstant(bound.readTimestamp);
  if (instant === undefined) throw new Failure('invalid_params', 'A read timestamp is an RFC 3339 instant');
  const seconds = Math.trunc(Date.parse(`${instant.slice(0, 19)}Z`) / 1000);
  return { readTimestamp: { seconds, nanos: Number(instant.slice(20, 29)) } };
}

function takeSession(database: SpannerDatabase): Promise<Session> {
  return new Promise((resolve, reject) => {
    database.sessionFactory_.getSession((error, session) => {
      if (session === null || session === undefined) reject(error ?? new Error('The client gave no session'));
      else resolve(session);
    });
  });
}
