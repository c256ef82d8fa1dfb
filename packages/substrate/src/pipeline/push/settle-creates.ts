import { isRetryable, toFailure } from '../../failure/failure.ts';
import { canonicalJson } from '../../json/canonical-json.ts';
import { digestJson } from '../../json/digest.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { valueAt } from '../../json/value-at.ts';
import type { EntityType, EntityValue } from '../../model/entity-types.ts';
import { deletePendingCreates, listPendingCreates, type PendingCreate } from '../../store/pending-creates.ts';
import { type Push, putPushes, readPushes } from '../../store/pushes.ts';
import { readRecords } from '../../store/records.ts';
import { putRunEntityType, type RunEntityType } from '../../store/runs.ts';
import { toPageRequest, toRequest } from '../../vendor/collection-request.ts';
import type { Collection, Entity } from '../../vendor/define-entity.ts';
import { present } from '../../vendor/present.ts';
import { countOutcomes } from '../apply/count-outcomes.ts';
import { persistRecords } from '../apply/persist-records.ts';
import { deletedHash, readPage } from '../fetch/read-page.ts';
import { mergeStaged } from '../plan/merge-staged.ts';
import { commit, type Slice, stopIfOver, withCounts } from '../slice.ts';
import { concludePush, sentOf } from './conclude-push.ts';
import { concernsTheRun, type LatestRecord, readOne } from './read-one.ts';

const pageSize = 100;

/**
 * Finds out what came of creates whose outcome was lost, in this run or an earlier one, at a vendor that gives ids of its own: before
 * anything is fetched or written, since what came of them would look like a record of the vendor's own making, and would be created
 * once more. One that is found gets its id; one that is not was never made, and is free to be tried again.
 */
export async function settleCreates(slice: Slice, progress: Map<EntityType, RunEntityType>): Promise<void> {
  const { run, settings, worker, vendor } = slice;
  if (run.isDryRun || !settings.steps.persist) return;
  let after: PendingCreate | undefined;
  for (;;) {
    const page = await listPendingCreates(worker.store, run, after, pageSize);
    for (const entity of vendor.entities) {
      const pending = page.filter(({ entityType }) => entityType === entity.entityType);
      if (pending.length > 0) await settleSome(slice, entity, pending, progress);
    }
    after = page.at(-1);
    if (page.length < pageSize) return;
  }
}

async function settleSome(
  slice: Slice,
  entity: Entity,
  pending: readonly PendingCreate[],
  progress: Map<EntityType, RunEntityType>,
): Promise<void> {
  const pushes = await readTheirPushes(slice, entity, pending);
  const foundIds = await findOrWarn(slice, entity, pushes);
  // Until the list can be read again nothing is created in doubt.
  if (foundIds === undefined) return;
  const pushOf = new Map(pushes.map((push) => [push.recordId, push]));
  for (const row of bySpeech(entity, pending, pushOf)) {
    stopIfOver(slice);
    const push = pushOf.get(row.recordId);
    const assignedId =
      push && (push.assignedId ?? (await takeFree(slice, entity, foundIds.get(digestOf(entity, push)))));
    if (push === undefined || assignedId === undefined) {
      await commit(slice, (transaction) => deletePendingCreates(transaction, row, [row.recordId]));
    } else {
      await settleOne(slice, entity, { ...push, assignedId }, progress);
    }
  }
}

/** Those first that said most: what says little is like much. */
function bySpeech<R extends Pick<Push, 'recordId'>>(
  entity: Entity,
  pending: readonly R[],
  pushOf: ReadonlyMap<string, Push>,
): readonly R[] {
  function said({ recordId }: R): number {
    const push = pushOf.get(recordId);
    return push === undefined ? 0 : sentMembers(entity, push).length;
  }
  return pending.toSorted((a, b) => said(b) - said(a));
}

/** What was sent, by the runs that sent it. */
async function readTheirPushes(
  { worker }: Slice,
  { entityType }: Entity,
  pending: readonly PendingCreate[],
): Promise<readonly Push[]> {
  const pushes: Push[] = [];
  for (const [runId, rows] of Map.groupBy(pending, (row) => row.runId)) {
    const { customerId } = rows[0] as PendingCreate;
    const recordIds = rows.map(({ recordId }) => recordId);
    pushes.push(...(await readPushes(worker.store, { customerId, runId, entityType }, recordIds)).values());
  }
  return pushes;
}

/** The ids that these records, which a job was to create, have got, by ours. Those that are not there are left out. */
export async function findAssigned(
  slice: Slice,
  entity: Entity,
  pushes: readonly Push[],
): Promise<ReadonlyMap<string, string>> {
  const assigned = new Map<string, string>();
  if (pushes.length === 0) return assigned;
  const foundIds = (await findOrWarn(slice, entity, pushes)) ?? new Map<string, string[]>();
  for (const push of bySpeech(entity, pushes, new Map(pushes.map((each) => [each.recordId, each])))) {
    const taken = new Set(assigned.values());
    const free = (foundIds.get(digestOf(entity, push)) ?? []).filter((id) => !taken.has(id));
    const assignedId = await takeFree(slice, entity, free);
    if (assignedId !== undefined) assigned.set(push.recordId, assignedId);
  }
  return assigned;
}

async function findOrWarn(
  slice: Slice,
  entity: Entity,
  pushes: readonly Push[],
): Promise<ReadonlyMap<string, string[]> | undefined> {
  try {
    const unknown = pushes.filter(({ assignedId }) => assignedId === null);
    return await findCreated(slice, entity, unknown);
  } catch (thrown) {
    const failure = toFailure(thrown);
    if (isRetryable(failure) || concernsTheRun(failure)) throw thrown;
    const { entityType } = entity;
    slice.worker.log.warn('Records that were created cannot be looked for', { error: thrown, entityType });
    return undefined;
  }
}

/** Ids of the vendor's records that say what was sent, by the digest of that. Each list is read once, whatever is looked for in it. */
async function findCreated(
  slice: Slice,
  entity: Entity,
  pushes: readonly Push[],
): Promise<ReadonlyMap<string, string[]>> {
  const { assignment } = entity.write ?? {};
  const found = new Map<string, string[]>();
  if (assignment === undefined) return found;
  const lists = new Map<string, Collection>();
  const shapes = new Map<string, readonly string[]>();
  for (const push of pushes) {
    const record = { id: push.recordId, value: push.after as EntityValue };
    const where = assignment.where(record, slice.connection);
    lists.set(JSON.stringify(toRequest(where)), where);
    const sent = sentMembers(entity, push);
    shapes.set(canonicalJson(sent), sent);
    found.set(digestOf(entity, push), []);
  }
  for (const list of lists.values()) {
    for await (const { id, value } of readList(slice, entity, list)) {
      // What was not sent the vendor may have filled in.
      for (const members of shapes.values()) found.get(digestJson(pick(value, members)))?.push(id);
    }
  }
  return found;
}

async function* readList(
  slice: Slice,
  entity: Entity,
  list: Collection,
): AsyncGenerator<{ readonly id: string; readonly value: JsonObject }> {
  const { client, vendor, signal } = slice;
  let cursor: Awaited<ReturnType<typeof client.fetchPage>>['cursor'] = null;
  do {
    const page: Awaited<ReturnType<typeof client.fetchPage>> = await client.fetchPage({
      ...toPageRequest(vendor.api, list),
      cursor,
      signal,
    });
    for (const { id, value } of readPage(entity, page.records, slice.mergeOf(entity).hash).readings)
      if (value !== null) yield { id, value };
    cursor = page.cursor;
  } while (cursor !== null);
}

/** The first of these that we do not have: one that we have is another record that says the same. */
async function takeFree(
  { run, worker }: Slice,
  { entityType }: Entity,
  ids: readonly string[] = [],
): Promise<string | undefined> {
  const { customerId, integrationId } = run;
  const stored = await readRecords(worker.store, { customerId, integrationId, entityType }, ids);
  return ids.find((id) => !stored.has(id));
}

/** Gives our record the id that it has there. */
async function settleOne(
  slice: Slice,
  entity: Entity,
  sent: Push & { readonly assignedId: string },
  progress: Map<EntityType, RunEntityType>,
): Promise<void> {
  const { customerId, integrationId, runId } = slice.run;
  const { entityType } = entity;
  const scope = { customerId, integrationId, entityType };
  const { recordId, assignedId } = sent;
  const latest = await readCreated(slice, entity, assignedId);
  const theirs = { ...latest.theirs, recordId, sent: sentOf(sent) };
  // What an earlier run did was counted there, as far as it was known.
  const own = sent.runId === runId ? progress.get(entityType) : undefined;
  const next = await commit(slice, async (transaction, nextSequence) => {
    const stored = (await readRecords(transaction, scope, [recordId])).get(recordId);
    const push = concludePush(slice, entity, stored, latest, sent);
    const merged = await mergeStaged(slice, entity, transaction, [theirs]);
    const { counts: counted } = persistRecords(slice, entity, transaction, nextSequence, merged);
    putPushes(transaction, [push]);
    deletePendingCreates(transaction, scope, [recordId]);
    if (own === undefined) return undefined;
    const settled = withCounts(withCounts(own, counted), countOutcomes([push]));
    putRunEntityType(transaction, settled);
    return settled;
  });
  if (next !== undefined) progress.set(entityType, next);
}

/** One that cannot be read gets its id all the same: the next whole set brings the rest. */
async function readCreated(slice: Slice, entity: Entity, assignedId: string): Promise<LatestRecord> {
  try {
    return await readOne(slice, entity, assignedId);
  } catch (thrown) {
    const failure = toFailure(thrown);
    if (isRetryable(failure) || concernsTheRun(failure)) throw thrown;
    return { theirs: { recordId: assignedId, value: null, hash: deletedHash }, raw: undefined };
  }
}

function digestOf(entity: Entity, push: Push): string {
  return digestJson(pick(push.after ?? {}, sentMembers(entity, push)));
}

/** By what it would be known, or all that the vendor takes of what we have: all else may look otherwise there. */
function sentMembers({ write }: Entity, { after }: Push): readonly string[] {
  const taken: readonly string[] = write?.assignment?.identity ?? write?.members ?? [];
  return taken.filter((name) => memberAt(after ?? {}, name) !== undefined).toSorted();
}

function pick(value: JsonObject, members: readonly string[]): JsonObject {
  return present(Object.fromEntries(members.map((name) => [name, memberAt(value, name)]))) as JsonObject;
}

function memberAt(value: JsonObject, name: string): JsonValue | undefined {
  return valueAt(value, name.startsWith('/') ? name : `/${name}`);
}
