import { Failure } from '../../failure/failure.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { mergeRecord } from '../../merge/merge-record.ts';
import type { RecordRules } from '../../merge/merge-rules.ts';
import type { EntityType } from '../../model/entity-types.ts';
import { type RecordedChange, readChanges } from '../../store/changes.ts';
import { putRunEntityType, type Run, type RunEntityType } from '../../store/runs.ts';
import { insertStaged } from '../../store/staged-records.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { commit, type Slice, stopIfOver, withCounts } from '../slice.ts';
import type { EffectMark } from './collect-effects.ts';
import { isMarked, scanEffects, type UndoneRecord, undoEffects } from './scan-effects.ts';

const chunkSize = 250;
const changesPage = 500;
/** Records that a refusal names. */
export const named = 20;

/** Marks the records of an entity type whose fields were changed since the run, and counts them as conflicted. */
export async function judgeEffects(
  slice: Slice,
  entity: Entity,
  start: RunEntityType,
): Promise<RunEntityType> {
  let progress = start;
  for (;;) {
    stopIfOver(slice);
    const staged = await scanEffects(slice, entity, progress.position, chunkSize);
    const isLast = staged.length < chunkSize;
    const undone = await undoEffects(slice, entity, slice.worker.store, staged);
    const touched = new Set(undone.filter(({ merge }) => merge.isHeld).map(({ recordId }) => recordId));
    const hash: EffectMark = 'touched';
    const next: RunEntityType = {
      ...withCounts(progress, { conflicted: touched.size }),
      stage: isLast ? 'planned' : 'planning',
      position: isLast ? null : (staged.at(-1)?.recordId ?? null),
    };
    await commit(slice, (transaction) => {
      insertStaged(
        transaction,
        staged.filter(({ recordId }) => touched.has(recordId)).map((row) => ({ ...row, hash })),
      );
      putRunEntityType(transaction, next);
    });
    progress = next;
    if (isLast) return progress;
  }
}

/** Fails with `revert_refused`, naming records, fields and who changed them, where anything was marked. */
export async function assertUntouched(
  slice: Slice,
  reverted: Run,
  progress: ReadonlyMap<EntityType, RunEntityType>,
): Promise<void> {
  const count = [...progress.values()].reduce((sum, { counts }) => sum + counts.conflicted, 0);
  if (count === 0) return;
  const found: TouchedRecord[] = [];
  for (const entity of slice.vendor.entities) {
    if ((progress.get(entity.entityType)?.counts.conflicted ?? 0) === 0) continue;
    for await (const one of readTouched(slice, entity)) {
      if (found.length < named) found.push(one);
      else break;
    }
  }
  throw refuse(reverted, await nameLaterRuns(slice, reverted, found), count);
}

/** One that was changed since; `fields` are pointers, `changedBy` the runs (or edits) that did it. */
export interface TouchedRecord {
  readonly entityType: EntityType;
  readonly recordId: string;
  readonly fields: readonly string[];
  readonly sequence: number;
  readonly rules: RecordRules;
}

export function touchedRecord(slice: Slice, entity: Entity, undone: UndoneRecord): TouchedRecord {
  const { recordId, effect, merge } = undone;
  return {
    entityType: entity.entityType,
    recordId,
    fields: merge.conflicts.map(({ pointer }) => pointer),
    sequence: effect.sequence,
    rules: slice.mergeOf(entity).neutral.forRecord(recordId),
  };
}

async function* readTouched(slice: Slice, entity: Entity): AsyncGenerator<TouchedRecord> {
  let position: string | null = null;
  for (;;) {
    const staged = await scanEffects(slice, entity, position, chunkSize);
    position = staged.at(-1)?.recordId ?? null;
    const marked = staged.filter((row) => isMarked(row, 'touched'));
    for (const undone of await undoEffects(slice, entity, slice.worker.store, marked)) {
      if (undone.merge.isHeld) yield touchedRecord(slice, entity, undone);
    }
    if (staged.length < chunkSize) return;
  }
}

interface NamedRecord {
  readonly entityType: EntityType;
  readonly recordId: string;
  readonly fields: readonly string[];
  readonly changedBy: readonly string[];
}

/** By whom these fields were changed after the run, as the changes tell. */
export async function nameLaterRuns(
  { run, worker }: Slice,
  reverted: Run,
  touched: readonly TouchedRecord[],
): Promise<readonly NamedRecord[]> {
  const byKey = new Map(touched.map((one) => [keyOf(one), { ...one, changedBy: new Set<string>() }]));
  let sequence = touched.reduce((least, one) => Math.min(least, one.sequence), Number.MAX_SAFE_INTEGER);
  for (;;) {
    const page = await readChanges(worker.store, run, sequence, changesPage);
    for (const change of page) {
      const one = byKey.get(keyOf(change));
      if (one === undefined || change.runId === reverted.runId || change.sequence <= one.sequence) continue;
      if (isAbout(change, one)) one.changedBy.add(change.runId);
    }
    sequence = page.at(-1)?.sequence ?? sequence;
    if (page.length < changesPage) break;
  }
  return [...byKey.values()].map(({ entityType, recordId, fields, changedBy }) => {
    return { entityType, recordId, fields, changedBy: [...changedBy] };
  });
}

/** Whether the change is of one of the fields, or of something within or around them. */
function isAbout({ before, after }: RecordedChange, { fields, rules }: TouchedRecord): boolean {
  const [from, to]: (JsonObject | undefined)[] = [before ?? undefined, after ?? undefined];
  const { toOurs } = mergeRecord({ base: from, ours: from, theirs: to }, rules);
  return toOurs.some(({ pointer }) =>
    fields.some((field) => isWithin(field, pointer) || isWithin(pointer, field)),
  );
}

function isWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}/`);
}

/** `count` records in all. */
export function refuse({ runId }: Run, records: readonly NamedRecord[], count: number): Failure {
  const more = count - records.length;
  return new Failure('revert_refused', 'What the run changed was changed again since', {
    data: { runId, records, ...(more > 0 ? { more } : {}) },
  });
}

function keyOf({ entityType, recordId }: { readonly entityType: string; readonly recordId: string }): string {
  return `${entityType} ${recordId}`;
}
