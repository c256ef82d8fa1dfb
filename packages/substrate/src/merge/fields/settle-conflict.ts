import { Failure } from '../../failure/failure.ts';
import { canonicalJson } from '../../json/canonical-json.ts';
import { digestJson } from '../../json/digest.ts';
import { isJsonObject, type JsonValue } from '../../json/json-value.ts';
import type { Conflict } from '../conflict.ts';
import type { FieldRules } from '../rules/field-rules.ts';
import { type Side, sideOfResolution } from '../strategy.ts';
import { describeKind, isGone, type Maybe } from '../values/json-members.ts';
import { type Ledger, pointerOf } from './ledger.ts';
import { writeLines } from './plan-lines.ts';
import { withoutSilent } from './silent-fields.ts';

interface ConflictSides {
  readonly base: Maybe;
  readonly ours: Maybe;
  readonly theirs: Maybe;
}

/**
 * Settles what both sides changed differently: as a person decided for just these inputs, else by the strategy; else it is left as a
 * conflict, and ours stands in for the result of a record that is held anyway. Fails with `invalid_params` where a decided value cannot
 * be the record's.
 */
export function settleConflict(
  ledger: Ledger,
  rules: FieldRules,
  sides: ConflictSides,
  take: (side: Side, rule: string) => Maybe,
): Maybe {
  const resolution = sideOfResolution(rules.strategy);
  const pointer = pointerOf(ledger);
  const decisions = ledger.decisions.filter((decision) => decision.pointer === pointer);
  if (resolution !== undefined && decisions.length === 0) return take(resolution, rules.because);

  const values = presentSides(sides, (value) => (isGone(value, ledger.nullIsAbsent) ? undefined : value));
  const inputs = digestJson(
    presentSides(values, (value) => value && withoutSilent(value, rules, ledger.nullIsAbsent)),
  );
  const decision = decisions.findLast((candidate) => candidate.inputs === inputs);
  if (decision !== undefined) {
    ledger.decided.push(pointer);
    if (typeof decision.choice === 'string') return take(decision.choice, 'decision');
    return takeValue(ledger, rules, sides, decision.choice.value);
  }
  if (resolution !== undefined) return take(resolution, rules.because);
  ledger.conflicts.push({ pointer, kind: kindOf(values), ...values, inputs, rule: rules.because });
  return sides.ours;
}

type PresentSides = Pick<Conflict, 'base' | 'ours' | 'theirs'>;

/** The sides that have a value, as `read` takes it. */
function presentSides(
  { base, ours, theirs }: { base?: Maybe; ours?: Maybe; theirs?: Maybe },
  read: (value: Maybe) => Maybe,
): PresentSides {
  const [b, o, t] = [read(base), read(ours), read(theirs)];
  return {
    ...(b === undefined ? {} : { base: b }),
    ...(o === undefined ? {} : { ours: o }),
    ...(t === undefined ? {} : { theirs: t }),
  };
}

function kindOf({ base, ours, theirs }: PresentSides): Conflict['kind'] {
  if (base === undefined) return 'add/add';
  return ours === undefined || theirs === undefined ? 'delete/modify' : 'modify/modify';
}

function takeValue(
  ledger: Ledger,
  rules: FieldRules,
  { ours, theirs }: ConflictSides,
  value: JsonValue,
): JsonValue {
  // Refuses what JSON cannot say, which would be stored and pushed otherwise.
  canonicalJson(value);
  if (ledger.path.length === 0 && !isJsonObject(value)) {
    throw new Failure('invalid_params', 'What is decided for a whole record must be an object', {
      data: { pointer: '', found: describeKind(value) },
    });
  }
  writeLines(ledger, 'ours', ours, value, rules, 'decision');
  writeLines(ledger, 'theirs', theirs, value, rules, 'decision');
  return value;
}
