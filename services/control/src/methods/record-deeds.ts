import {
  listConflictsOf,
  type RecordedChange,
  type RecordScope,
  type Run,
  type Store,
  type StoredConflict,
} from '@flotilla/substrate/store';

/** What somebody did that led to a change of our record. */
export interface Deed {
  readonly actor: string;
  readonly did: 'edited' | 'decided' | 'approved' | 'reverted' | 'asked';
  readonly at: string;
  readonly reason: string | null;
}

/** Of a record that ever had more, the rest is not looked at. */
const mostConflicts = 1_000;

/** The record's conflicts that merges ended by following a decision; not asked for where no change tells of one. */
export async function readDecided(
  store: Store,
  record: RecordScope & { readonly recordId: string },
  changes: readonly RecordedChange[],
): Promise<readonly StoredConflict[]> {
  const isTold = changes.some(({ rules }) => (rules ?? []).some(({ rule }) => rule === 'decision'));
  if (!isTold) return [];
  const conflicts = await listConflictsOf(store, record, undefined, mostConflicts);
  return conflicts.filter(({ state }) => state === 'resolved');
}

/** Pure. Latest first. `followed`: the conflicts of the record that the run ended. */
export function listDeeds(
  { actor, changedAt, rules }: RecordedChange,
  run: Run | undefined,
  followed: readonly StoredConflict[],
): readonly Deed[] {
  // The run of an edit only brings it to the vendor: whoever asked for that one edited another record.
  if (actor != null) return [{ actor, did: 'edited', at: changedAt, reason: null }];
  const decided = new Set(
    (rules ?? []).filter(({ rule }) => rule === 'decision').map(({ pointer }) => pointer),
  );
  const deeds = [
    ...followed.flatMap(({ pointer, decision }): Deed[] =>
      decision !== null && decided.has(pointer)
        ? [{ actor: decision.decidedBy, did: 'decided', at: decision.decidedAt, reason: decision.reason }]
        : [],
    ),
    ...(run === undefined ? [] : deedsOf(run)),
  ];
  return withoutTwins(deeds).toSorted((a, b) => (a.at < b.at ? 1 : -1));
}

function deedsOf({ decision, requestedBy, requestedAt, reverts }: Run): readonly Deed[] {
  const approved: Deed[] =
    decision?.decision === 'approved'
      ? [{ actor: decision.by, did: 'approved', at: decision.at, reason: decision.reason }]
      : [];
  if (requestedBy === null) return approved;
  const did = reverts === null ? ('asked' as const) : ('reverted' as const);
  return [...approved, { actor: requestedBy, did, at: requestedAt, reason: null }];
}

/** Several fields of a record that were decided together are one deed. */
function withoutTwins(deeds: readonly Deed[]): readonly Deed[] {
  return [...new Map(deeds.map((deed) => [JSON.stringify(Object.values(deed)), deed])).values()];
}
