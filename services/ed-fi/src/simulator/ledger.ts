import { createHash } from 'node:crypto';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { ChangeLog } from '@flotilla/substrate/testing/simulator/change-log';

/** A record that is gone, or goes by another key. */
export interface Trace {
  readonly id: string;
  readonly changeVersion: number;
  /** The record under its former key. */
  readonly before: JsonObject;
  /** Present where its key was changed: as it was right after. */
  readonly after?: JsonObject;
}

/** Change versions and the host's own ids, from the log of what became of its records. */
export interface Ledger {
  readonly newest: number;
  versionOf(resource: string, key: string): number;
  /** 32 hexadecimal digits; a record that is deleted and sent again gets others. */
  idOf(resource: string, key: string): string;
  /** The key of the record with this id, of those that are there. */
  keyOf(resource: string, id: string, keys: () => Iterable<string>): string | undefined;
  deletes(resource: string): readonly Trace[];
  keyChanges(resource: string): readonly Trace[];
  /** What `move` does to the store is a change of a key, not a deletion. */
  changeKey(resource: string, from: string, to: string, move: () => void): void;
}

/** What a database has seen before anybody looks. */
const first = 1_000;

export function createLedger(changes: ChangeLog): Ledger {
  const versions = new Map<string, number>();
  const lives = new Map<string, number>();
  const inherited = new Map<string, string>();
  const deleted = new Map<string, Trace[]>();
  const moved = new Map<string, Trace[]>();
  let read = 0;

  function catchUp(): void {
    for (const { number, collection, op, id, before } of changes.list().slice(read)) {
      const place = `${collection} ${id}`;
      if (op === 'removed' && before !== undefined) {
        add(deleted, collection, { id: idAt(collection, id), changeVersion: first + number, before });
        lives.set(place, (lives.get(place) ?? 0) + 1);
        inherited.delete(place);
      }
      versions.set(place, first + number);
    }
    read = changes.list().length;
  }

  function idAt(resource: string, key: string): string {
    const place = `${resource} ${key}`;
    const text = `${place} ${lives.get(place) ?? 0}`;
    return inherited.get(place) ?? createHash('sha256').update(text).digest('hex').slice(0, 32);
  }

  return {
    get newest() {
      return first + changes.newest;
    },
    versionOf: (resource, key) => {
      catchUp();
      return versions.get(`${resource} ${key}`) ?? first;
    },
    idOf: (resource, key) => {
      catchUp();
      return idAt(resource, key);
    },
    keyOf: (resource, id, keys) => {
      catchUp();
      for (const key of keys()) if (idAt(resource, key) === id) return key;
      return undefined;
    },
    deletes: (resource) => {
      catchUp();
      return deleted.get(resource) ?? [];
    },
    keyChanges: (resource) => moved.get(resource) ?? [],
    changeKey: (resource, from, to, move) => {
      catchUp();
      const id = idAt(resource, from);
      move();
      const [removed, created] = changes.list().slice(read);
      catchUp();
      const list = deleted.get(resource) ?? [];
      deleted.set(
        resource,
        list.filter((trace) => trace.changeVersion !== first + (removed?.number ?? 0)),
      );
      inherited.set(`${resource} ${to}`, id);
      add(moved, resource, {
        id,
        changeVersion: first + (created?.number ?? 0),
        before: removed?.before ?? {},
        after: created?.after ?? {},
      });
    },
  };
}

function add(traces: Map<string, Trace[]>, resource: string, trace: Trace): void {
  traces.set(resource, [...(traces.get(resource) ?? []), trace]);
}
