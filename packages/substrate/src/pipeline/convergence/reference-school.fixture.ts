/**
 * A school as one would explain it on a sheet of paper: for each record what we have, what they have, and what both last had in common.
 * Written apart from the merge, on flat texts, without ids, hashes, plans or stages. Convergence is judged by it.
 */

/** A person's fields; a field that is not there has no value. */
export type Fields = Readonly<Record<string, string>>;

/** Undefined: not there. */
export interface Sheet {
  readonly ours: Fields | undefined;
  readonly theirs: Fields | undefined;
  readonly common: Fields | undefined;
}

export type Rule = 'manual' | 'ours' | 'theirs';

/** Which rule decides a field, or (null) whether there is a person at all, when both sides disagree. */
export type RuleOf = (field: string | null) => Rule;

/** One meeting of both sides over one person. `isHeld`: they disagree, and nobody may decide: all stays as it is. */
export function meet(sheet: Sheet, ruleOf: RuleOf): { readonly sheet: Sheet; readonly isHeld: boolean } {
  const { ours, theirs, common } = sheet;
  const agreed =
    ours === undefined || theirs === undefined
      ? settlePresence(sheet, ruleOf)
      : settleFields(ours, theirs, common ?? {}, ruleOf);
  if (agreed === 'held') return { sheet, isHeld: true };
  const result = agreed === 'gone' ? undefined : agreed;
  return { sheet: { ours: result, theirs: result, common: result }, isHeld: false };
}

/** At least one side does not have the person. */
function settlePresence({ ours, theirs, common }: Sheet, ruleOf: RuleOf): Fields | 'gone' | 'held' {
  const there = ours ?? theirs;
  if (there === undefined) return 'gone';
  // Nobody ever deleted what was never had in common: it is new.
  if (common === undefined) return there;
  if (isSame(there, common)) return 'gone';
  const rule = ruleOf(null);
  if (rule === 'manual') return 'held';
  return (rule === 'ours' ? ours : theirs) ?? 'gone';
}

function settleFields(ours: Fields, theirs: Fields, common: Fields, ruleOf: RuleOf): Fields | 'held' {
  const settled: Record<string, string> = {};
  for (const field of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    const [our, their, old] = [ours[field], theirs[field], common[field]];
    const oursWins = their === old || (our !== old && our !== their && ruleOf(field) === 'ours');
    const isDisputed = our !== their && our !== old && their !== old;
    if (isDisputed && ruleOf(field) === 'manual') return 'held';
    const value = oursWins ? our : their;
    if (value !== undefined) settled[field] = value;
  }
  return settled;
}

function isSame(a: Fields, b: Fields): boolean {
  const fields = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...fields].every((field) => a[field] === b[field]);
}
