interface Asked {
  readonly context: string;
  readonly method: string;
  readonly isDryRun: boolean;
  readonly reverts: string | null;
}

/** Pure. Why a run ran, in words: `nightly`; `manual, rosters, dry run`; `realtime, after a decision`. */
export function sayWhy({ context, method, isDryRun, reverts }: Asked): string {
  if (reverts !== null) return 'takes a run back';
  const family = method.split('.')[0] ?? method;
  const what = unspoken.includes(family) ? [] : [familyWords[family] ?? family];
  return [context, ...what, ...(isDryRun ? ['dry run'] : [])].join(', ');
}

/** Of these the context says it all. */
const unspoken: readonly string[] = ['nightly', 'runs'];

const familyWords: Readonly<Record<string, string>> = {
  conflicts: 'after a decision',
  records: 'after an edit',
};
