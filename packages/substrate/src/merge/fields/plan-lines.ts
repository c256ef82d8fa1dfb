import { isJsonObject } from '../../json/json-value.ts';
import type { PlanLine } from '../plan.ts';
import type { FieldRules } from '../rules/field-rules.ts';
import type { Side } from '../strategy.ts';
import { isGone, type Maybe, memberOf } from '../values/json-members.ts';
import { isUnchanged, type Ledger, pointerOf } from './ledger.ts';

/** Writes down how a side's value becomes the result: by member, where both are objects, else as one line. */
export function writeLines(
  ledger: Ledger,
  side: Side,
  before: Maybe,
  after: Maybe,
  rules: FieldRules,
  rule: string,
): void {
  if (rules.isVolatile || isUnchanged(ledger, rules, before, after)) return;
  if (!isJsonObject(before) || !isJsonObject(after)) {
    ledger.lines[side].push(createLine(ledger, before, after, rule));
    return;
  }
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, young] = [memberOf(before, name), memberOf(after, name)];
    const child = rules.child(name);
    // A member that was left out of what is otherwise this side's own value was left out by its own strategy.
    const isLeftOut = young === undefined && child.always !== undefined && child.always !== side;
    ledger.path.push(name);
    writeLines(ledger, side, old, young, child, isLeftOut ? child.because : rule);
    ledger.path.pop();
  }
}

/**
 * Puts one line in the place of those written since `mark`, for a value that comes out as a whole: a list in another order, an object
 * where there was none. Its rule is all of theirs, and `rule`; where there are none, what decides about the field.
 */
export function joinLines(
  ledger: Ledger,
  rules: FieldRules,
  side: Side,
  mark: number,
  { before, after }: { readonly before: Maybe; readonly after: Maybe },
  rule?: string,
): void {
  const joined = new Set(ledger.lines[side].splice(mark).map((line) => line.rule));
  if (isUnchanged(ledger, rules, before, after)) return;
  if (rule !== undefined) joined.add(rule);
  if (joined.size === 0) joined.add(rules.because);
  ledger.lines[side].push(createLine(ledger, before, after, [...joined].sort().join('; ')));
}

function createLine(ledger: Ledger, before: Maybe, after: Maybe, rule: string): PlanLine {
  const { nullIsAbsent, path } = ledger;
  const hadNone = isGone(before, nullIsAbsent);
  const hasNone = isGone(after, nullIsAbsent);
  const action = path.length > 0 || hadNone === hasNone ? 'update' : hadNone ? 'create' : 'delete';
  return {
    action,
    pointer: pointerOf(ledger),
    ...(hadNone ? {} : { before }),
    ...(hasNone ? {} : { after }),
    rule,
  };
}
