import type { JsonValue } from '@flotilla/substrate/json/json-value';
import { mergeRecord, type PlanLine, type RecordMerge } from '@flotilla/substrate/merge/merge-record';
import { compileSettings, type RecordRules } from '@flotilla/substrate/merge/merge-rules';
import { isSameJson } from '@flotilla/substrate/merge/values/same-json';
import type { EntityType } from '@flotilla/substrate/model';
import {
  type IntegrationSettings,
  isPushed,
  mergeSettingsFor,
} from '@flotilla/substrate/settings/integration-settings';
import { findAt } from './place-at.ts';
import type { SampledRecord } from './try-sides.ts';

/** What becomes of a field under some settings. */
export interface FieldOutcome {
  /** `conflict`: left to a person. `decided`: by the rule. `unseen`: no difference is seen in it. */
  readonly outcome: 'conflict' | 'decided' | 'unseen';
  readonly rule: string | null;
  /** What was decided; left out: that there is none. */
  readonly value?: JsonValue;
  /** The sides that are written; none while another field of the record waits, or where settings keep a side as it is. */
  readonly writes: readonly ('ours' | 'theirs')[];
}

export interface TriedField {
  readonly pointer: string;
  readonly base?: JsonValue;
  readonly ours?: JsonValue;
  readonly theirs?: JsonValue;
  readonly stored: FieldOutcome;
  readonly tried: FieldOutcome;
  readonly differs: boolean;
}

export interface TriedRecord {
  /** Whether it is held for a person, under either settings. */
  readonly isHeld: { readonly stored: boolean; readonly tried: boolean };
  readonly differs: boolean;
  /** Those that come out differently are first. */
  readonly fields: readonly TriedField[];
  readonly fieldsOmitted: number;
}

/** Pure. Settings made ready to merge records of one entity type and look at what comes of it. */
export interface Trial {
  rulesFor(recordId: string): RecordRules;
  merge(sample: SampledRecord): TrialMerge;
}

interface TrialMerge {
  readonly isHeld: boolean;
  readonly outcomes: ReadonlyMap<string, FieldOutcome>;
}

export function createTrial(settings: IntegrationSettings, entityType: EntityType): Trial {
  const rules = compileSettings(mergeSettingsFor(settings, entityType));
  const isSynced = !settings.disabledEntityTypes.includes(entityType);
  const written = {
    ours: settings.steps.pull && settings.steps.persist,
    theirs: isPushed(settings, entityType),
  };
  function merge({ recordId, sides, decisions }: SampledRecord): TrialMerge {
    if (!isSynced) return { isHeld: false, outcomes: new Map() };
    const recordRules = rules.forRecord(recordId);
    const merged = mergeRecord(sides, recordRules, decisions);
    if (!merged.isHeld) return { isHeld: false, outcomes: outcomesOf(merged, written) };
    // As if its conflicts were decided: what the rules say of the other fields, which wait with them.
    const settled = mergeRecord(sides, recordRules, [
      ...decisions,
      ...merged.conflicts.map(({ pointer, inputs }) => ({ pointer, inputs, choice: 'ours' as const })),
    ]);
    const others = outcomesOf(settled, { ours: false, theirs: false });
    const waiting = merged.conflicts.map(
      ({ pointer, rule }) => [pointer, { outcome: 'conflict', rule, writes: [] }] as const,
    );
    return { isHeld: true, outcomes: new Map<string, FieldOutcome>([...others, ...waiting]) };
  }
  return { rulesFor: (recordId) => rules.forRecord(recordId), merge };
}

/**
 * Pure. What comes of a record under two settings, field by field, and of `most` fields with their values; fields in which neither sees a
 * difference are left out.
 */
export function compareTrials(sample: SampledRecord, stored: Trial, tried: Trial, most: number): TriedRecord {
  const [under, tryingOut] = [stored.merge(sample), tried.merge(sample)];
  const pointers = [...new Set([...under.outcomes.keys(), ...tryingOut.outcomes.keys()])].toSorted();
  const compared = pointers.map((pointer) => {
    const outcomes = {
      stored: under.outcomes.get(pointer) ?? unseen,
      tried: tryingOut.outcomes.get(pointer) ?? unseen,
    };
    const differs = !isSameOutcome(outcomes.stored, outcomes.tried);
    return { pointer, ...outcomes, differs };
  });
  const sorted = compared.toSorted((a, b) => Number(b.differs) - Number(a.differs));
  const rules = [stored.rulesFor(sample.recordId), tried.rulesFor(sample.recordId)];
  const fields = sorted
    .slice(0, most)
    .map(({ pointer, ...field }) => ({ pointer, ...valuesAt(sample, pointer, rules), ...field }));
  const isHeld = { stored: under.isHeld, tried: tryingOut.isHeld };
  const differs = isHeld.stored !== isHeld.tried || compared.some((field) => field.differs);
  return { isHeld, differs, fields, fieldsOmitted: compared.length - fields.length };
}

const unseen: FieldOutcome = { outcome: 'unseen', rule: null, writes: [] };

function outcomesOf(
  { toOurs, toTheirs }: Pick<RecordMerge, 'toOurs' | 'toTheirs'>,
  written: { readonly ours: boolean; readonly theirs: boolean },
): ReadonlyMap<string, FieldOutcome> {
  const outcomes = new Map<string, FieldOutcome>();
  const sides: readonly (readonly ['ours' | 'theirs', readonly PlanLine[]])[] = [
    ['ours', toOurs],
    ['theirs', toTheirs],
  ];
  for (const [side, lines] of sides) {
    for (const { pointer, rule, after } of lines) {
      const writes = [...(outcomes.get(pointer)?.writes ?? []), ...(written[side] ? [side] : [])];
      const value = after === undefined ? {} : { value: after };
      outcomes.set(pointer, { outcome: 'decided', rule, ...value, writes });
    }
  }
  return outcomes;
}

/** Whatever rule it was that came to it. */
function isSameOutcome(a: FieldOutcome, b: FieldOutcome): boolean {
  return (
    a.outcome === b.outcome && a.writes.join() === b.writes.join() && isSameJson(a.value, b.value, false, [])
  );
}

/** An element of a keyed list may be one under one of the settings only. */
function valuesAt({ sides }: SampledRecord, pointer: string, rules: readonly RecordRules[]) {
  const at = (side: JsonValue | undefined) =>
    rules.map((each) => findAt(side, pointer, each)).find((found) => found !== undefined);
  const [base, ours, theirs] = [at(sides.base), at(sides.ours), at(sides.theirs)];
  return {
    ...(base === undefined ? {} : { base }),
    ...(ours === undefined ? {} : { ours }),
    ...(theirs === undefined ? {} : { theirs }),
  };
}
