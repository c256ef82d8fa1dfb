import { isFailure } from '@flotilla/substrate/failure';
import { Button } from '../../parts/button.tsx';
import { Callout } from '../../parts/callout.tsx';
import { NamedRecord } from '../../parts/record-link.tsx';
import { VendorText } from '../../parts/vendor-text.tsx';
import { nameField } from './conflict.ts';
import type { Draft } from './drafts.ts';

interface StaleConflict {
  readonly conflictId: string;
  readonly state: string;
  readonly version: number;
}

/** The conflicts that are not as they were seen; none where a call failed for another reason. */
export function staleAmong(error: unknown): readonly StaleConflict[] {
  if (!isFailure(error, 'stale_version')) return [];
  const { conflicts } = error.data;
  return Array.isArray(conflicts) ? (conflicts as unknown as readonly StaleConflict[]) : [];
}

interface StaleDecisionsProps {
  readonly stale: readonly StaleConflict[];
  readonly drafts: readonly Draft[];
  readonly onForget: (conflictIds: readonly string[]) => void;
}

/** Why none was decided, conflict by conflict, and the way on with the others. */
export function StaleDecisions({ stale, drafts, onForget }: StaleDecisionsProps) {
  const draftsById = new Map(drafts.map((draft) => [draft.conflict.conflictId, draft]));
  const rest = drafts.length - stale.length;
  return (
    <Callout tone="warn" title="Something has changed since you looked, so nothing was decided" isAlert>
      <ul>
        {stale.map((found) => {
          const draft = draftsById.get(found.conflictId);
          return draft === undefined ? null : (
            <li key={found.conflictId}>
              <VendorText value={nameField(draft.conflict)} /> of {draft.conflict.entityType}{' '}
              <NamedRecord recordId={draft.conflict.recordId} name={draft.conflict.name} />:{' '}
              {sayStale(found, draft)}
            </li>
          );
        })}
      </ul>
      <p>
        <Button onClick={() => onForget(stale.map(({ conflictId }) => conflictId))}>
          {rest > 0
            ? `Leave ${stale.length === 1 ? 'it' : 'these'} out, and go on with ${rest}`
            : 'Leave out'}
        </Button>
      </p>
    </Callout>
  );
}

function sayStale({ state, version }: StaleConflict, { conflict }: Draft): string {
  if (state === 'resolved') return 'it is resolved: a merge has followed an earlier decision.';
  if (state === 'obsolete')
    return 'a side has another value now. If both still differ, it is in the list again, as another conflict.';
  if (state === 'decided' && version !== conflict.version)
    return 'somebody else has decided it meanwhile. See what, and decide it anew if you must.';
  return 'it is not as you saw it. Look at it again.';
}
