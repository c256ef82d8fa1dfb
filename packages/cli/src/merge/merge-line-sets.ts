import { Failure } from '@flotilla/substrate/failure';
import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import { mergeRecord, type RecordMerge, type RecordSides } from '@flotilla/substrate/merge/merge-record';
import type { MergeRules } from '@flotilla/substrate/merge/merge-rules';
import { mergeSet, type SetEntry } from '@flotilla/substrate/merge/merge-set';
import { createRecordHasher } from '@flotilla/substrate/merge/record-hash';
import { describeJson } from './parse-line.ts';
import { showConflict } from './show-conflict.ts';

/**
 * Pure. What is said of three sets, each an object of id to record, by the very path that a run takes: sorted by id, joined, skipped by
 * hash. `result` is what stands afterwards; records that are held stand nowhere in it and in `heldRecords`, with their ids.
 */
export function mergeLineSets(sides: RecordSides, rules: MergeRules): object {
  const base = recordsById('base', sides.base);
  const ours = recordsById('ours', sides.ours);
  const theirs = recordsById('theirs', sides.theirs);
  const hash = createRecordHasher(rules);
  const entries = {
    base: toEntries(base, hash),
    ours: toEntries(ours, hash),
    theirs: toEntries(theirs, hash),
  };
  const mergesById = new Map<string, RecordMerge>();
  for (const { id, merge } of mergeSet(entries, rules)) mergesById.set(id, merge);

  const ids = [...new Set([...base.keys(), ...ours.keys(), ...theirs.keys()])].sort();
  const standing = ids.flatMap((id) => {
    const merge =
      mergesById.get(id) ??
      mergeRecord({ base: base.get(id), ours: ours.get(id), theirs: theirs.get(id) }, rules.forRecord(id));
    return merge.result === undefined ? [] : [[id, merge.result] as const];
  });
  const merges = [...mergesById];
  const remarks = withIds(merges, (merge) => merge.remarks);
  const heldRecords = merges.filter(([, { isHeld }]) => isHeld).map(([id]) => id);
  return {
    held: heldRecords.length > 0,
    heldRecords,
    result: Object.fromEntries(standing),
    conflicts: withIds(merges, ({ conflicts }) => conflicts.map(showConflict)),
    toOurs: withIds(merges, ({ toOurs }) => toOurs),
    toTheirs: withIds(merges, ({ toTheirs }) => toTheirs),
    ...(remarks.length > 0 ? { remarks } : {}),
  };
}

function withIds<T extends object>(
  merges: readonly (readonly [string, RecordMerge])[],
  partsOf: (merge: RecordMerge) => readonly T[],
): readonly ({ readonly id: string } & T)[] {
  return merges.flatMap(([id, merge]) => partsOf(merge).map((part) => ({ id, ...part })));
}

/** A map, since an id may be any text, `__proto__` too. */
function recordsById(side: keyof RecordSides, set: JsonObject = {}): Map<string, JsonObject> {
  return new Map(
    Object.entries(set).map(([id, record]) => {
      if (!isJsonObject(record)) throw refuseRecord(side, id, record);
      return [id, record];
    }),
  );
}

function toEntries(records: Map<string, JsonObject>, hash: (record: JsonObject) => string): SetEntry[] {
  return [...records]
    .map(([id, record]) => ({ id, hash: hash(record), read: () => record }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function refuseRecord(side: keyof RecordSides, id: string, found: JsonValue): Failure {
  return new Failure('invalid_params', 'A record of a set must be a JSON object', {
    data: {
      member: side,
      id,
      found: describeJson(found),
      advice: `With --set, ${side} is an object of id to record. Where it lacks a record, leave the id out: null is no record.`,
    },
  });
}
