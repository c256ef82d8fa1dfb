import { toPlainText } from '@flotilla/substrate/report/plain-text';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { RecordLink } from '../../parts/record-link.tsx';
import { VendorLine, VendorText } from '../../parts/vendor-text.tsx';
import {
  type Choice,
  type Conflict,
  isOpen,
  nameConflict,
  nameField,
  sayAbsent,
  sayChoice,
  sayValue,
} from './conflict.ts';
import styles from './conflict-row.module.css';
import { SideValue } from './side-value.tsx';

export interface ConflictRowProps {
  readonly customerId: string;
  readonly conflict: Conflict;
  /** Whose theirs is: the system, for people. */
  readonly integration: string;
  /** Chosen on the page, not sent yet. */
  readonly choice: Choice | undefined;
  readonly isSelected: boolean;
  /** The one row that Tab reaches; the others are reached by j and k. */
  readonly isCurrent: boolean;
  readonly mayChange: boolean;
  readonly onSelect: () => void;
  readonly onChoose: (side: 'ours' | 'theirs') => void;
  readonly onOpen: () => void;
}

/** One field that both sides changed, side by side. */
export function ConflictRow({
  conflict,
  integration,
  choice,
  isSelected,
  isCurrent,
  ...rest
}: ConflictRowProps) {
  const { customerId, mayChange, onSelect, onChoose, onOpen } = rest;
  const { integrationId, entityType, recordId, name } = conflict;
  const mayDecide = mayChange && isOpen(conflict);
  const tabIndex = isCurrent ? 0 : -1;
  return (
    <div
      role="row"
      tabIndex={tabIndex}
      aria-selected={mayDecide ? isSelected : undefined}
      aria-label={sayRow(conflict, integration, choice)}
      className={styles.row}
    >
      <div role="gridcell" className={styles.select}>
        {mayDecide ? (
          <input
            type="checkbox"
            tabIndex={tabIndex}
            checked={isSelected}
            aria-label={`Select ${nameConflict(conflict)}`}
            onChange={onSelect}
          />
        ) : null}
      </div>
      <div role="rowheader" className={styles.name}>
        <span className={styles.field}>
          <VendorText value={nameField(conflict)} />
        </span>
        <span>
          {entityType}{' '}
          <RecordLink
            customerId={customerId}
            integrationId={integrationId}
            entityType={entityType}
            recordId={recordId}
            name={name}
            tabIndex={tabIndex}
          />
        </span>
        <small className={styles.integration}>
          <VendorLine text={integration} />
        </small>
        <Standing conflict={conflict} choice={choice} />
        <Button kind="quiet" tabIndex={tabIndex} onClick={onOpen}>
          {mayDecide ? 'Open, or another value' : 'Open'}
        </Button>
      </div>
      <div role="gridcell">
        <span className={styles.label}>Base</span>
        <SideValue conflict={conflict} side="base" tabIndex={tabIndex} />
      </div>
      {(['ours', 'theirs'] as const).map((side) => (
        <div key={side} role="gridcell" className={choice === side ? styles.chosen : undefined}>
          <span className={styles.label}>{side === 'ours' ? 'Ours' : 'Theirs'}</span>
          <SideValue conflict={conflict} side={side} tabIndex={tabIndex} />
          {mayDecide ? (
            <span className={styles.choose}>
              <Button tabIndex={tabIndex} aria-pressed={choice === side} onClick={() => onChoose(side)}>
                {choice === side ? `✓ ${titles[side]}` : titles[side]}
              </Button>
            </span>
          ) : null}
        </div>
      ))}
    </div>
  );
}

const titles = { ours: 'Take ours', theirs: 'Take theirs' } as const;

/** What is decided, or chosen; an open conflict of which nothing is says nothing. */
function Standing({
  conflict,
  choice,
}: {
  readonly conflict: Conflict;
  readonly choice: Choice | undefined;
}) {
  if (choice !== undefined) {
    return (
      <span className={styles.standing}>
        <Badge tone="good">chosen: {sayChoice(choice)}</Badge>
        {typeof choice === 'string' ? null : <VendorText value={choice.value} />}
      </span>
    );
  }
  const { state, decision } = conflict;
  if (state === 'open') return null;
  return (
    <span className={styles.standing}>
      <Badge tone="calm">{state}</Badge>
      {decision === null ? null : (
        <span>
          {sayChoice(decision.choice)}, by <VendorText value={decision.decidedBy} />
        </span>
      )}
    </span>
  );
}

function sayRow(conflict: Conflict, integration: string, choice: Choice | undefined): string {
  const { sides, state } = conflict;
  const absent = sayAbsent(conflict);
  const values = (['base', 'ours', 'theirs'] as const).map(
    (side) => `${side} ${sayValue(sides[side], side === 'base' ? 'not there' : absent)}`,
  );
  const standing = choice === undefined ? state : `chosen: ${sayChoice(choice)}`;
  return `${nameConflict(conflict)}, ${toPlainText(integration, 80)}: ${values.join(', ')}; ${standing}`;
}
