import { type EntityType, entityTypeFacts } from '../../model/entity-types.ts';
import { type RecordReference, referencesIn } from '../../model/references.ts';
import { areReferencesVerified } from '../../settings/integration-settings.ts';
import { readSeen } from '../../store/pages.ts';
import { readHashes, scanRecordHashes } from '../../store/records.ts';
import { type RunEntityType, readRunEntityTypes } from '../../store/runs.ts';
import { scanStaged } from '../../store/staged-records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import type { Slice } from '../slice.ts';
import { firstPageOf } from './begin-anew.ts';
import type { PageReading } from './read-page.ts';
import { createSeenIds, digestsOf, type SeenIds } from './seen-ids.ts';

/** A reference that leads nowhere. */
export interface BrokenReference extends RecordReference {
  /** `missing`: the vendor did not send it. `left out`: withdrawn, or quarantined and never stored. `not stored`: its type is not in this run. */
  readonly target: 'missing' | 'left out' | 'not stored';
  /** It was there until now: stored, and missing from what the vendor sent. */
  readonly isVanished: boolean;
}

export interface References {
  /** For each reading, in order, its first reference that leads nowhere. */
  findBroken(readings: readonly PageReading[]): Promise<readonly (BrokenReference | undefined)[]>;
}

/** Ids read at a time. */
const scanSize = 2_000;
/** States remembered by id, since a class names its school as every class does, and a student is in many classes: some megabytes. */
const maximumRemembered = 20_000;

/**
 * Prepares to verify where an entity type's records point to. A reference must lead to a record that came in this run, where its entity type
 * is part of the run, else to a stored one. Types that this integration does not sync, or never has, are taken at the vendor's word; and so
 * are references to the own type, which may come in any order and often lead out of what is shared (docs/decisions/0012).
 */
export async function openReferences(slice: Slice, { entityType }: Entity): Promise<References> {
  const targets = new Map<EntityType, TargetStates>();
  if (areReferencesVerified(slice.settings, entityType)) {
    const { customerId, runId } = slice.run;
    const progress = await readRunEntityTypes(slice.worker.store, customerId, runId);
    for (const name of entityTypeFacts(entityType).refersTo as readonly EntityType[]) {
      const target = await openTarget(slice, name, progress.get(name));
      if (target !== undefined) targets.set(name, rememberStates(target));
    }
  }
  return { findBroken: (readings) => findBroken(slice, entityType, targets, readings) };
}

/** What is known of the records of an entity type that others name. */
interface Target {
  readonly stateOf: (digests: Uint8Array) => readonly TargetState[];
}

/** Undefined: it is there. */
type TargetState = BrokenReference['target'] | undefined;

async function openTarget(
  slice: Slice,
  entityType: EntityType,
  progress: RunEntityType | undefined,
): Promise<Target | undefined> {
  const { vendor, settings, worker, run } = slice;
  const isSynced = vendor.entities.some((entity) => entity.entityType === entityType);
  if (!isSynced || settings.disabledEntityTypes.includes(entityType)) return undefined;
  if (progress === undefined) {
    const stored = await readStored(slice, entityType);
    if (stored.size === 0) return undefined;
    return { stateOf: (digests) => stored.holds(digests).map((holds) => (holds ? undefined : 'not stored')) };
  }
  // Not offered, or failed: what was not read cannot be missed.
  if (progress.stage === 'failed' || progress.stage === 'skipped') return undefined;
  if (progress.window !== null) return await openChanged(slice, entityType);
  const scope = { customerId: run.customerId, runId: run.runId };
  const seen = createSeenIds();
  const gone = createSeenIds();
  for (const page of await readSeen(worker.store, { ...scope, entityType }, firstPageOf(progress))) {
    seen.add(page.seen);
    gone.add(page.gone);
  }
  // Where the fetch proved nothing, what did not come may still be there.
  const stored = progress.failure === null ? createSeenIds() : await readStored(slice, entityType);
  // A list that always was empty is one that the vendor does not share: even the standard's own sets have classes without courses.
  if (seen.size + stored.size === 0) return undefined;
  return {
    stateOf(digests) {
      const isGone = gone.holds(digests);
      const isStored = stored.holds(digests);
      return seen.holds(digests).map((isSeen, index) => {
        if (isSeen) return isGone[index] ? 'left out' : undefined;
        return isStored[index] ? undefined : 'missing';
      });
    },
  };
}

/** Of what was not fetched whole: what is stored and what the vendor told of it. */
async function openChanged(slice: Slice, entityType: EntityType): Promise<Target | undefined> {
  const { customerId, runId } = slice.run;
  const scope = { customerId, runId, entityType };
  const there = await readStored(slice, entityType);
  const gone = createSeenIds();
  let after: string | null = null;
  for (;;) {
    const staged: Awaited<ReturnType<typeof scanStaged>> = await scanStaged(
      slice.worker.store,
      scope,
      after,
      scanSize,
    );
    gone.add(digestsOf(staged.filter(({ value }) => value === null).map(({ recordId }) => recordId)));
    there.add(digestsOf(staged.map(({ recordId }) => recordId)));
    after = staged.at(-1)?.recordId ?? null;
    if (staged.length < scanSize) break;
  }
  if (there.size === 0) return undefined;
  return {
    stateOf(digests) {
      const isGone = gone.holds(digests);
      return there.holds(digests).map((isThere, index) => {
        if (isGone[index]) return 'left out';
        return isThere ? undefined : 'not stored';
      });
    },
  };
}

async function readStored(slice: Slice, entityType: EntityType): Promise<SeenIds> {
  const { customerId, integrationId } = slice.run;
  const scope = { customerId, integrationId, entityType };
  const stored = createSeenIds();
  let after: string | null = null;
  for (;;) {
    const page: Awaited<ReturnType<typeof scanRecordHashes>> = await scanRecordHashes(
      slice.worker.store,
      scope,
      after,
      scanSize,
    );
    stored.add(digestsOf(page.map(({ recordId }) => recordId)));
    after = page.at(-1)?.recordId ?? null;
    if (page.length < scanSize) return stored;
  }
}

/** The state of each of these ids. */
type TargetStates = (ids: ReadonlySet<string>) => ReadonlyMap<string, TargetState>;

function rememberStates({ stateOf }: Target): TargetStates {
  const remembered = new Map<string, TargetState>();
  return (ids) => {
    if (remembered.size > maximumRemembered) remembered.clear();
    const fresh = [...ids].filter((id) => !remembered.has(id));
    for (const [index, state] of stateOf(digestsOf(fresh)).entries())
      remembered.set(fresh[index] as string, state);
    return remembered;
  };
}

async function findBroken(
  slice: Slice,
  entityType: EntityType,
  targets: ReadonlyMap<EntityType, TargetStates>,
  readings: readonly PageReading[],
): Promise<readonly (BrokenReference | undefined)[]> {
  if (targets.size === 0) return readings.map(() => undefined);
  const references = readings.map(({ id, value }) =>
    value === null ? [] : referencesIn(entityType, id, value).filter((one) => targets.has(one.entityType)),
  );
  const statesByType = new Map<EntityType, ReadonlyMap<string, TargetState>>();
  for (const [name, statesOf] of targets) statesByType.set(name, statesOf(idsNamed(name, references)));
  const first = references.map((ofReading) => {
    for (const reference of ofReading) {
      const target = statesByType.get(reference.entityType)?.get(reference.id);
      if (target !== undefined) return { ...reference, target };
    }
    return undefined;
  });
  const vanished = await findVanished(
    slice,
    first.filter((one) => one?.target === 'missing') as readonly RecordReference[],
  );
  return first.map((one) => one && { ...one, isVanished: vanished.has(`${one.entityType} ${one.id}`) });
}

function idsNamed(
  entityType: EntityType,
  references: readonly (readonly RecordReference[])[],
): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const ofReading of references)
    for (const one of ofReading) if (one.entityType === entityType) ids.add(one.id);
  return ids;
}

/** Those of these that are stored, as texts of type and id. */
async function findVanished(
  { worker, run }: Slice,
  missing: readonly RecordReference[],
): Promise<ReadonlySet<string>> {
  const vanished = new Set<string>();
  const { customerId, integrationId } = run;
  for (const entityType of new Set(missing.map((one) => one.entityType))) {
    const ids = new Set(missing.filter((one) => one.entityType === entityType).map(({ id }) => id));
    const stored = await readHashes(worker.store, { customerId, integrationId, entityType }, [...ids]);
    for (const [id, { baseHash }] of stored) if (baseHash !== null) vanished.add(`${entityType} ${id}`);
  }
  return vanished;
}
