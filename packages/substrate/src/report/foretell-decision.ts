import type { JsonValue } from '../json/json-value.ts';
import { isSameJson } from '../merge/values/same-json.ts';
import type { EntityType } from '../model/entity-types.ts';
import type { IntegrationSettings } from '../settings/integration-settings.ts';

/** What becomes of a field on one side; a value that is left out: there is none. */
export interface ForetoldSide {
  /** Of a side that has no value and stays so, `stays`. */
  readonly outcome: 'stays' | 'appears' | 'changes' | 'removed';
  readonly before?: JsonValue;
  readonly after?: JsonValue;
  /** Not null: the decision asks for another value, and a setting keeps the side from it. */
  readonly kept: KeptSide | null;
}

/** A setting that keeps a side as it is, by its place in the settings, and in words. */
export interface KeptSide {
  readonly setting: string;
  readonly message: string;
}

export interface ForetoldDecision {
  readonly ours: ForetoldSide;
  readonly theirs: ForetoldSide;
}

interface DecidedField {
  readonly entityType: string;
  readonly sides: { readonly base?: JsonValue; readonly ours?: JsonValue; readonly theirs?: JsonValue };
  readonly choice: 'ours' | 'theirs' | { readonly value: JsonValue };
}

/**
 * Pure. What the run that follows a decision does on either side, as far as what was seen still holds then, no other conflict holds the record,
 * and the vendor takes what it is sent.
 */
export function foretellDecision(
  { entityType, sides, choice }: DecidedField,
  settings: Pick<IntegrationSettings, 'steps' | 'writeBack' | 'disabledEntityTypes'>,
): ForetoldDecision {
  const { ours, theirs } = sides;
  const result = choice === 'ours' ? ours : choice === 'theirs' ? theirs : choice.value;
  return {
    ours: foretellSide(ours, result, findKeeper(entityType, settings, 'ours')),
    theirs: foretellSide(theirs, result, findKeeper(entityType, settings, 'theirs')),
  };
}

function foretellSide(
  before: JsonValue | undefined,
  result: JsonValue | undefined,
  keeper: KeptSide | null,
): ForetoldSide {
  const isMet = isSameJson(before, result, false, []);
  const after = isMet || keeper !== null ? before : result;
  return {
    outcome: isMet || keeper !== null ? 'stays' : outcomeOf(before, result),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    kept: isMet ? null : keeper,
  };
}

function outcomeOf(before: JsonValue | undefined, after: JsonValue | undefined): ForetoldSide['outcome'] {
  if (after === undefined) return 'removed';
  return before === undefined ? 'appears' : 'changes';
}

function findKeeper(
  entityType: string,
  { steps, writeBack, disabledEntityTypes }: Parameters<typeof foretellDecision>[1],
  side: 'ours' | 'theirs',
): KeptSide | null {
  if (disabledEntityTypes.includes(entityType as EntityType))
    return { setting: '/disabledEntityTypes', message: `${entityType} is not synced` };
  if (side === 'ours') {
    if (!steps.pull) return { setting: '/steps/pull', message: 'nothing is taken over from the vendor' };
    return steps.persist ? null : { setting: '/steps/persist', message: 'nothing is stored' };
  }
  if (!steps.push) return { setting: '/steps/push', message: 'nothing is written to the vendor' };
  if (writeBack.includes(entityType as EntityType)) return null;
  return { setting: '/writeBack', message: `${entityType} is not written back` };
}
