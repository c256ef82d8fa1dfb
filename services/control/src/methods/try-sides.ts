import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type { Decision, RecordSides } from '@flotilla/substrate/merge/merge-record';
import type { RecordRules } from '@flotilla/substrate/merge/merge-rules';
import { objectOrNothing } from '@flotilla/substrate/merge/values/json-members';
import type { RecordedChange, StoredConflict, StoredRecord } from '@flotilla/substrate/store';
import { placeAt } from './place-at.ts';

/** A record as each side has it, as far as it is known without asking the vendor, with what people have decided of it. */
export interface SampledRecord {
  readonly recordId: string;
  readonly sides: RecordSides;
  readonly decisions: readonly Decision[];
  readonly origin: SampleOrigin;
}

/**
 * Where the sides come from: `conflict`, as they were when its conflicts were found; `edited`, ours with the vendor's last known state;
 * `change`, as they were before a run changed ours; `inStep`, both the same.
 */
export interface SampleOrigin {
  readonly kind: 'conflict' | 'edited' | 'change' | 'inStep';
  /** When it was found, edited or changed. */
  readonly at: string | null;
  /** The run that found or changed it. */
  readonly runId: string | null;
}

/** Pure. A record with open conflicts; undefined where these do not fit the record any more. */
export function sampleConflict(
  conflicts: readonly StoredConflict[],
  stored: StoredRecord | undefined,
  rules: RecordRules,
): SampledRecord | undefined {
  const [first] = conflicts;
  if (first === undefined) return undefined;
  const sides = sidesOf(conflicts, stored, rules);
  if (sides === undefined) return undefined;
  const { recordId, foundAt: at, runId } = first;
  const decisions = conflicts.flatMap(({ state, decision, pointer, inputs }) =>
    state === 'decided' && decision !== null ? [{ pointer, inputs, choice: decision.choice }] : [],
  );
  return { recordId, sides, decisions, origin: { kind: 'conflict', at, runId } };
}

/** Pure. A record as it is: what the vendor is known to have is base. */
export function sampleStored(stored: StoredRecord): SampledRecord {
  const { recordId, editedAt: at } = stored;
  const base = baseOf(stored);
  const sides = { base, ours: stored.value ?? undefined, theirs: base };
  return {
    recordId,
    sides,
    decisions: [],
    origin: { kind: at === null ? 'inStep' : 'edited', at, runId: null },
  };
}

/** Pure. A record as it was before a run changed ours, with theirs that it followed. */
export function sampleChange(
  { recordId, before, after, rules: told, changedAt: at, runId }: RecordedChange,
  rules: RecordRules,
): SampledRecord {
  const ours = before ?? undefined;
  const contested = (told ?? []).filter(({ pointer, rule }) => pointer !== '' && isOfConflict(rule));
  // What base was there is not kept, but that it differed from either side.
  const base = contested.reduce<JsonValue | undefined>(
    (value, { pointer }) =>
      value === undefined ? undefined : (placeAt(value, pointer, undefined, rules) ?? value),
    ours,
  );
  const sides = { base: objectOrNothing(base), ours, theirs: after ?? undefined };
  return { recordId, sides, decisions: [], origin: { kind: 'change', at, runId } };
}

/** Rules that act only where both sides had changed the field. */
function isOfConflict(rule: string): boolean {
  return rule.startsWith('resolve') || rule.startsWith('decision');
}

function sidesOf(
  conflicts: readonly StoredConflict[],
  stored: StoredRecord | undefined,
  rules: RecordRules,
): RecordSides | undefined {
  const whole = conflicts.find(({ pointer }) => pointer === '');
  if (whole !== undefined) {
    const { base, ours, theirs } = whole.sides;
    return { base: objectOrNothing(base), ours: objectOrNothing(ours), theirs: objectOrNothing(theirs) };
  }
  const ours = stored?.value ?? undefined;
  if (stored === undefined || ours === undefined) return undefined;
  const base = baseOf(stored);
  const theirs =
    (base === undefined ? undefined : withTheirs(base, conflicts, rules)) ??
    withTheirs(ours, conflicts, rules);
  return theirs === undefined ? undefined : { base, ours, theirs };
}

/** Theirs where it is known: elsewhere it is taken to be as base. */
function withTheirs(
  start: JsonObject,
  conflicts: readonly StoredConflict[],
  rules: RecordRules,
): JsonObject | undefined {
  const placed = conflicts.reduce<JsonValue | undefined>(
    (value, { pointer, sides }) =>
      value === undefined ? undefined : placeAt(value, pointer, sides.theirs, rules),
    start,
  );
  return objectOrNothing(placed);
}

/** Kept apart only where it differs from ours. */
function baseOf({ value, hash, base, baseHash }: StoredRecord): JsonObject | undefined {
  if (baseHash === null) return undefined;
  return (baseHash === hash ? value : base) ?? undefined;
}
