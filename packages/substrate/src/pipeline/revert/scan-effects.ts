import type { RecordMerge } from '../../merge/merge-record.ts';
import type { Reader } from '../../orm/database.ts';
import { readRecords, type StoredRecord } from '../../store/records.ts';
import { type StagedRecord, scanStaged } from '../../store/staged-records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { resolveAliases } from '../plan/resolve-aliases.ts';
import type { Slice } from '../slice.ts';
import type { EffectMark } from './collect-effects.ts';
import { type Effect, undoEffect } from './effect.ts';
import { resolveEffects } from './resolve-effects.ts';

/** A record as it is, and as it would be without what the run did to it. */
export interface UndoneRecord {
  readonly recordId: string;
  readonly effect: Effect;
  readonly stored: StoredRecord | undefined;
  /** Held: what the run made was changed since. */
  readonly merge: RecordMerge;
}

/** The next staged effects of an entity type after `position`, in order; with a mark, those of them that have it. */
export async function scanEffects(
  { worker, run }: Slice,
  { entityType }: Entity,
  position: string | null,
  limit: number,
): Promise<readonly StagedRecord[]> {
  const { customerId, runId } = run;
  return await scanStaged(worker.store, { customerId, runId, entityType }, position, limit);
}

export function isMarked({ hash }: StagedRecord, mark: EffectMark): boolean {
  return hash === mark;
}

/** Takes these effects back, in thought: by what `reader` shows of ours. */
export async function undoEffects(
  slice: Slice,
  entity: Entity,
  reader: Reader,
  staged: readonly StagedRecord[],
): Promise<readonly UndoneRecord[]> {
  const { customerId, integrationId } = slice.run;
  const { entityType, write } = entity;
  const { neutral } = slice.mergeOf(entity);
  const ids = staged.map(({ recordId }) => recordId);
  const scope = { customerId, integrationId, entityType };
  const storedById = await readRecords(reader, scope, ids);
  const oursById = await resolveAliases(reader, scope, [...storedById.values()]);
  const done = new Map(staged.map(({ recordId, value }) => [recordId, value as unknown as Effect]));
  const effects = await resolveEffects(reader, scope, done);
  return [...effects].map(([recordId, effect]) => {
    const stored = storedById.get(recordId);
    const rules = neutral.forRecord(recordId);
    const merge = undoEffect(oursById.get(recordId), effect, write?.members ?? [], rules);
    return { recordId, effect, stored, merge };
  });
}
