import { type ReactNode, useRef } from 'react';
import { useIntegrationNames } from '../../parts/use-integration-names.ts';
import type { Conflict } from './conflict.ts';
import { ConflictRow } from './conflict-row.tsx';
import styles from './conflict-table.module.css';
import type { Drafts } from './drafts.ts';
import { useConflictKeys } from './use-conflict-keys.ts';

export interface ConflictTableProps {
  readonly customerId: string;
  readonly conflicts: readonly Conflict[];
  readonly drafts: Drafts;
  readonly selected: ReadonlySet<string>;
  readonly mayChange: boolean;
  /** Whether single letters do something; else only arrows, the space bar and Enter do. */
  readonly hasLetters: boolean;
  readonly selectAll: ReactNode;
  readonly onSelect: (conflict: Conflict) => void;
  /** Of these, or of those that are selected where some are. */
  readonly onChoose: (conflict: Conflict, side: 'ours' | 'theirs') => void;
  readonly onOpen: (conflict: Conflict) => void;
  readonly onReview: () => void;
  readonly onShowKeys: () => void;
}

/**
 * A grid in which one row has the focus. The rows are the page's own: a library's rows take the pointer and the letters for themselves, and
 * here values are to be marked and copied, and letters decide.
 */
export function ConflictTable(props: ConflictTableProps) {
  const { conflicts, drafts, selected, selectAll, onSelect, onChoose, onOpen, ...rest } = props;
  const body = useRef<HTMLDivElement>(null);
  const nameOf = useIntegrationNames(rest.customerId);
  const current = useConflictKeys(body, props);
  return (
    <div role="grid" aria-label="Conflicts" aria-multiselectable={rest.mayChange} className={styles.table}>
      <div role="rowgroup">
        <div role="row" className={styles.head}>
          <div role="columnheader">{selectAll ?? <span className="visually-hidden">Selected</span>}</div>
          {columns.map(([title, what]) => (
            <div key={title} role="columnheader">
              {title} <span className={styles.what}>{what}</span>
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" ref={body}>
        {conflicts.map((conflict, index) => (
          <ConflictRow
            key={conflict.conflictId}
            customerId={rest.customerId}
            mayChange={rest.mayChange}
            conflict={conflict}
            integration={nameOf(conflict.integrationId)}
            choice={drafts.get(conflict.conflictId)?.choice}
            isSelected={selected.has(conflict.conflictId)}
            isCurrent={index === current}
            onSelect={() => onSelect(conflict)}
            onChoose={(side) => onChoose(conflict, side)}
            onOpen={() => onOpen(conflict)}
          />
        ))}
      </div>
    </div>
  );
}

const columns = [
  ['Field', ''],
  ['Base', 'what both last agreed on'],
  ['Ours', 'changed here'],
  ['Theirs', 'changed at the vendor'],
] as const;
