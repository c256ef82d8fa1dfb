import { isJsonObject } from '../../json/json-value.ts';
import type { FieldRules } from '../rules/field-rules.ts';
import type { Side } from '../strategy.ts';
import { isJsonList, type Maybe } from '../values/json-members.ts';
import { withoutAlwaysTaken } from './always-fields.ts';
import { countedContent } from './counted-content.ts';
import { isUnchanged, type Ledger } from './ledger.ts';
import { writeLines } from './plan-lines.ts';
import { settleConflict } from './settle-conflict.ts';

/** Pure. One field on the three sides. */
export interface FieldSides {
  readonly base: Maybe;
  readonly ours: Maybe;
  readonly theirs: Maybe;
}

/**
 * Merges a field as a whole, by the table: who changed it has it, both alike agree, both differently is for the strategy. Returns the
 * result; for a conflict that is left, ours. `isUnit`: a record or an element of a list, which one side lacks, and which is there as the
 * other side has it or not at all.
 */
export function settleField(ledger: Ledger, rules: FieldRules, sides: FieldSides, isUnit: boolean): Maybe {
  const { base, ours, theirs } = sides;
  const lacking = sideThatLacks(ours, theirs);
  const isSame = (a: Maybe, b: Maybe) => isUnchanged(ledger, rules, a, b);
  const take = (side: Side, rule: string) => {
    const isPartial = !isUnit && lacking !== undefined && lacking !== side && rules.below.always;
    const result = isPartial ? withoutAlwaysTaken(sides[side], rules, lacking) : sides[side];
    writeLines(ledger, 'ours', ours, result, rules, rule);
    writeLines(ledger, 'theirs', theirs, result, rules, rule);
    return result;
  };
  const count = (value: Maybe) => countedContent(value, rules, lacking, ledger.nullIsAbsent);
  const isStill = (value: Maybe) => isSame(base, value) || isSame(count(base), count(value));

  if (isSame(ours, theirs)) {
    if (!isSame(base, ours)) ledger.hasBaseMoved = true;
    return rules.below.volatile ? theirs : ours;
  }
  if (rules.always !== undefined) return take(rules.always, rules.because);
  if (isStill(ours)) return take('theirs', 'theirs changed');
  if (isStill(theirs)) return take('ours', 'ours changed');
  return settleConflict(ledger, rules, sides, take);
}

/** The side that has nothing where the other has an object, or a list. */
function sideThatLacks(ours: Maybe, theirs: Maybe): Side | undefined {
  for (const isOne of [isJsonObject, isJsonList]) {
    if (isOne(ours) !== isOne(theirs)) return isOne(ours) ? 'theirs' : 'ours';
  }
  return undefined;
}
