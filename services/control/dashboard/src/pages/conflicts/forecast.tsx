import type { ReactNode } from 'react';
import { Button } from '../../parts/button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { NamedRecord } from '../../parts/record-link.tsx';
import { VendorText } from '../../parts/vendor-text.tsx';
import { type Foretold, nameConflict, nameField, sayChoice } from './conflict.ts';
import type { Draft } from './drafts.ts';
import { ForetoldSide } from './foretold-side.tsx';

interface ForecastProps {
  readonly drafts: readonly Draft[];
  /** Undefined as long as control has not said it. */
  readonly foretold: readonly Foretold[] | undefined;
  /** Why a decision cannot be made, by its conflict. */
  readonly faults: ReadonlyMap<string, string>;
  readonly onForget: (draft: Draft) => void;
}

/** What each decision does on either side. */
export function Forecast({ drafts, foretold = [], faults, onForget }: ForecastProps) {
  const foretoldById = new Map(foretold.map((each) => [each.conflictId, each]));

  function sideOf({ conflict }: Draft, name: 'ours' | 'theirs'): ReactNode {
    const found = foretoldById.get(conflict.conflictId);
    const fault = faults.get(conflict.conflictId);
    if (fault !== undefined) return name === 'ours' ? <strong>Cannot be: {fault}</strong> : '';
    if (found === undefined) return faults.size > 0 ? '' : '…';
    return <ForetoldSide conflict={conflict} side={found[name]} />;
  }

  return (
    <DataTable
      caption="What each decision does"
      rows={drafts}
      keyOf={({ conflict }) => conflict.conflictId}
      empty="Nothing is chosen."
      columns={[
        {
          title: 'Field',
          cell: ({ conflict }) => (
            <>
              <VendorText value={nameField(conflict)} /> of {conflict.entityType}{' '}
              <NamedRecord recordId={conflict.recordId} name={conflict.name} />
            </>
          ),
        },
        { title: 'Chosen', cell: ({ choice }) => sayChoice(choice) },
        { title: 'On our side', cell: (draft) => sideOf(draft, 'ours') },
        { title: 'At the vendor', cell: (draft) => sideOf(draft, 'theirs') },
        {
          title: 'Change',
          cell: (draft) => (
            <Button
              kind="quiet"
              aria-label={`Leave out ${nameConflict(draft.conflict)}`}
              onClick={() => onForget(draft)}
            >
              Leave out
            </Button>
          ),
        },
      ]}
    />
  );
}
