import { Failure, type FailureData } from '../failure/failure.ts';
import type { VendorClient } from '../http/vendor-client.ts';
import { digestJson } from '../json/digest.ts';
import type { JsonObject } from '../json/json-value.ts';
import { compileSettings, type MergeRules } from '../merge/merge-rules.ts';
import { createRecordHasher } from '../merge/record-hash.ts';
import type { EntityType } from '../model/entity-types.ts';
import { addCounts, type RunCounts } from '../report/run-counts.ts';
import { type IntegrationSettings, isPushed, mergeSettingsFor } from '../settings/integration-settings.ts';
import type { Run, RunEntityType } from '../store/runs.ts';
import type { StoreTransaction } from '../store/schema.ts';
import type { Entity } from '../vendor/define-entity.ts';
import type { Vendor } from '../vendor/define-vendor.ts';
import { commitFenced, type Fence, type NextSequence } from './lease.ts';
import type { RunWorker } from './parts.ts';

/** One task's stretch of work on a run: what all its steps share. */
export interface Slice {
  readonly worker: RunWorker;
  readonly run: Run;
  readonly fence: Fence;
  readonly vendor: Vendor;
  readonly client: VendorClient;
  /** As the vendor's schema gave it: what an entity's functions take. */
  readonly connection: unknown;
  /** The choices under which the run works. */
  readonly settings: IntegrationSettings;
  /** How records of an entity type merge, and by what hash they count as changed. */
  readonly mergeOf: (entity: Entity) => EntityMerge;
  /** True when the slice should hand over: its time is up, or the process is told to stop. Asked between commits. */
  readonly isOver: () => boolean;
  readonly signal: AbortSignal;
}

export interface EntityMerge {
  readonly rules: MergeRules;
  /** As `rules`, deciding nothing: whatever both sides changed differently is a conflict. */
  readonly neutral: MergeRules;
  readonly hash: (value: JsonObject) => string;
  /** Whether our changes go to the vendor: the customer wants it and the vendor takes them. */
  readonly isPushed: boolean;
  /** Of all choices that bear on the merge. */
  readonly choicesDigest: string;
  /** Whether the last whole merge was made under other choices: then what differs from the vendor's is looked at again. */
  readonly isReexamined: boolean;
}

/** Prepares the merge of an entity type at its first use: settings with many exceptions are compiled once. */
export function createEntityMerges(
  settings: IntegrationSettings,
  mergedUnder: ReadonlyMap<string, string>,
): (entity: Entity) => EntityMerge {
  const merges = new Map<EntityType, EntityMerge>();
  return (entity) => {
    const { entityType } = entity;
    let merge = merges.get(entityType);
    if (merge === undefined) {
      const chosen = mergeSettingsFor(settings, entityType);
      const rules = compileSettings(chosen);
      const isWrittenBack = entity.write !== undefined && isPushed(settings, entityType);
      const choicesDigest = digestJson({ chosen, isWrittenBack, steps: settings.steps });
      merge = {
        rules,
        neutral: compileSettings({ ...chosen, default: 'manual', fields: {}, records: {} }),
        hash: createRecordHasher(rules),
        isPushed: isWrittenBack,
        choicesDigest,
        isReexamined: mergedUnder.get(entityType) !== choicesDigest,
      };
      merges.set(entityType, merge);
    }
    return merge;
  };
}

/** Thrown between two commits when `isOver`; everything so far is committed. */
export const sliceOver = new Failure('unavailable', 'The slice is over');

const waits = new WeakSet<Failure>();

/** To be thrown between two commits where there is nothing to do for so long: the next slice begins then, and no worker waits. */
export function sliceWaits(ms: number, reason: string, data: FailureData): Failure {
  const wait = new Failure('vendor_unavailable', reason, { data, retryAfterMs: ms });
  waits.add(wait);
  return wait;
}

export function isWait(thrown: unknown): thrown is Failure & { readonly retryAfterMs: number } {
  return thrown instanceof Failure && waits.has(thrown);
}

/**
 * Commits under the run's fence. Then everybody else in the process gets a turn: the embedded store answers without ever returning to the
 * event loop, and a run must starve neither calls nor the heartbeat that keeps its own task.
 */
export async function commit<R>(
  { worker, fence }: Slice,
  body: (transaction: StoreTransaction, nextSequence: NextSequence) => Promise<R> | R,
): Promise<R> {
  const result = await commitFenced(worker.store, worker.clock, fence, body);
  await worker.clock.sleep(0);
  return result;
}

export function stopIfOver(slice: Slice): void {
  if (slice.isOver()) throw sliceOver;
}

/** The clock's time as the store keeps it. */
export function isoNow({ worker }: Slice): string {
  return new Date(worker.clock.now()).toISOString();
}

/** The progress with some counts added. */
export function withCounts(progress: RunEntityType, added: Partial<RunCounts>): RunEntityType {
  return { ...progress, counts: addCounts(progress.counts, added) };
}
