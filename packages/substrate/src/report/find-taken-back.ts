/** A later run that was to take back this one, or another of the same integration. */
export interface LaterRevert {
  readonly runId: string;
  /** The run that it was to take back. */
  readonly reverts: string;
  readonly state: string;
  readonly requestedAt: string;
  /** Who asked for it; null: nobody is known to have. */
  readonly requestedBy: string | null;
  /** Why, as far as they said. */
  readonly reason: string | null;
  readonly finishedAt: string | null;
  /** Whether it changed anything, on either side. */
  readonly hasChanged: boolean;
}

/** What became of a run since it ended: a later one took it back, or was to. */
export interface TakenBack {
  /** The run that did. */
  readonly runId: string;
  readonly state: string;
  /** When it ended; of one that has not, when it was asked for. */
  readonly at: string;
  /** Who asked for it, and why; null where that was not said. */
  readonly by: string | null;
  readonly reason: string | null;
  /** `whole`; `part`: its own report says what was not; `pending`: it has not ended; `none`: it changed nothing, or was itself taken back. */
  readonly extent: 'whole' | 'part' | 'pending' | 'none';
}

/** Pure. The later run that says most of how things are now: one that took it back, else one that is about to, else one that did not. */
export function findTakenBack(runId: string, reverts: readonly LaterRevert[]): TakenBack | null {
  const own = reverts
    .filter((revert) => revert.reverts === runId)
    .map((revert) => ({ ...revert, extent: extentOf(revert, reverts) }))
    .toSorted(
      (a, b) =>
        order.indexOf(a.extent) - order.indexOf(b.extent) || b.requestedAt.localeCompare(a.requestedAt),
    );
  const [first] = own;
  if (first === undefined) return null;
  const { state, requestedAt, requestedBy, reason, finishedAt, extent } = first;
  return { runId: first.runId, state, at: finishedAt ?? requestedAt, by: requestedBy, reason, extent };
}

const order: readonly TakenBack['extent'][] = ['whole', 'part', 'pending', 'none'];

function extentOf(revert: LaterRevert, reverts: readonly LaterRevert[]): TakenBack['extent'] {
  const { runId, state, hasChanged } = revert;
  if (state === 'queued' || state === 'running' || state === 'held') return 'pending';
  if (!hasChanged && state !== 'succeeded') return 'none';
  // A later one takes back an earlier one, so this ends.
  const undone = findTakenBack(
    runId,
    reverts.filter((other) => other.runId !== runId),
  );
  if (undone?.extent === 'whole') return 'none';
  return state === 'succeeded' && undone?.extent !== 'part' ? 'whole' : 'part';
}
