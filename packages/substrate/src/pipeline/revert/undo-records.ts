import type { JsonObject } from '../../json/json-value.ts';
import type { EntityType } from '../../model/entity-types.ts';
import { readChanges } from '../../store/changes.ts';
import { listPushes, type Push } from '../../store/pushes.ts';
import type { Run } from '../../store/runs.ts';
import type { Store } from '../../store/schema.ts';

/** A record that a run touched: one step for our side, one for the vendor's, as far as it touched them. */
export interface UndoRecord {
  readonly entityType: EntityType;
  readonly recordId: string;
  readonly steps: readonly UndoStep[];
}

/** What there was before, and what the run made of it; null: nothing. */
interface UndoStep {
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
}

/** Changes, and so records, read at a time. */
const pageSize = 250;

/**
 * What a run touched, page by page: the same pages whenever it is asked, since a finished run's rows stay. What it wrote to the vendor is
 * held in memory, by record; what it changed on our side is not.
 */
export async function* readUndoRecords(
  store: Store,
  run: Run,
  signal: AbortSignal,
): AsyncGenerator<readonly UndoRecord[]> {
  const pushes = await readTakenPushes(store, run);
  const written = new Map(pushes.map((push) => [keyOf(push.entityType, idThere(push)), push]));
  // A created record that got another id has left its first one: nothing is to come back there.
  const left = new Set(
    pushes
      .filter(({ assignedId }) => assignedId !== null)
      .map(({ entityType, recordId }) => keyOf(entityType, recordId)),
  );
  let sequence = run.firstSequence ?? 0;
  for (;;) {
    signal.throwIfAborted();
    const page = await readChanges(store, run, sequence, pageSize);
    sequence = page.at(-1)?.sequence ?? sequence;
    const own = page.filter(
      ({ runId, entityType, recordId }) => runId === run.runId && !left.has(keyOf(entityType, recordId)),
    );
    const records = own.map(({ entityType, recordId, before, after }): UndoRecord => {
      const key = keyOf(entityType, recordId);
      const push = written.get(key);
      written.delete(key);
      const steps = [{ before, after }, ...(push === undefined ? [] : [push])];
      return { entityType: entityType as EntityType, recordId, steps };
    });
    if (records.length > 0) yield records;
    if (page.length < pageSize || sequence >= (run.lastSequence ?? sequence)) break;
  }
  const onlyThere = [...written.values()].map(
    (push): UndoRecord => ({
      entityType: push.entityType as EntityType,
      recordId: idThere(push),
      steps: [push],
    }),
  );
  for (let from = 0; from < onlyThere.length; from += pageSize) yield onlyThere.slice(from, from + pageSize);
}

async function readTakenPushes(store: Store, run: Run): Promise<readonly Push[]> {
  const taken: Push[] = [];
  let after: Push | undefined;
  for (;;) {
    const page = await listPushes(store, run, after, pageSize);
    taken.push(...page.filter(({ state }) => state === 'accepted' || state === 'unverified'));
    after = page.at(-1);
    if (page.length < pageSize) return taken;
  }
}

function idThere({ assignedId, recordId }: Push): string {
  return assignedId ?? recordId;
}

function keyOf(entityType: string, recordId: string): string {
  return `${entityType} ${recordId}`;
}
