import { toPlainText } from '@flotilla/substrate/report/plain-text';
import { Link } from '@tanstack/react-router';
import type { Column } from '../../parts/data-table.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Moment } from '../../parts/moment.tsx';
import { VendorLine, VendorText } from '../../parts/vendor-text.tsx';
import type { DeadLetter } from './dead-letters-page.tsx';

interface DeadLetterTableProps {
  readonly letters: readonly DeadLetter[];
  readonly ticked: ReadonlySet<string>;
  /** Left out: nothing may be done with them. */
  readonly onTick: ((ids: readonly string[], isTicked: boolean) => void) | undefined;
}

export function DeadLetterTable({ letters, ticked, onTick }: DeadLetterTableProps) {
  const areAllTicked = letters.every(({ id }) => ticked.has(id));
  return (
    <>
      {onTick === undefined || letters.length < 2 ? null : (
        <label>
          <input
            type="checkbox"
            checked={areAllTicked}
            onChange={({ target }) =>
              onTick(
                letters.map(({ id }) => id),
                target.checked,
              )
            }
          />{' '}
          Choose all {letters.length}
        </label>
      )}
      <DataTable
        caption="Dead letters, latest first"
        rows={letters}
        keyOf={({ id }) => id}
        empty=""
        columns={[
          {
            title: 'Given up',
            cell: (letter) =>
              onTick === undefined ? (
                <Moment at={letter.diedAt} />
              ) : (
                <label>
                  <input
                    type="checkbox"
                    checked={ticked.has(letter.id)}
                    aria-label={`Choose ${toPlainText(letter.name ?? letter.id, 100)}`}
                    onChange={({ target }) => onTick([letter.id], target.checked)}
                  />{' '}
                  <Moment at={letter.diedAt} />
                </label>
              ),
          },
          ...facts,
        ]}
      />
    </>
  );
}

const facts: readonly Column<DeadLetter>[] = [
  { title: 'What it is', cell: (letter) => <WhatItIs letter={letter} /> },
  {
    title: 'What it died of',
    cell: ({ lastStatus, lastAnswer }) => (
      <>
        {lastStatus === null ? '' : `HTTP ${lastStatus} `}
        <VendorText value={lastAnswer} isVerbatim />
      </>
    ),
  },
  { title: 'Attempts', isNumber: true, cell: ({ attempts }) => attempts ?? 'not told' },
  { title: 'Bytes', isNumber: true, cell: ({ bytes }) => bytes.toLocaleString() },
];

/** Whose it is and which part, with the way to its run. */
function WhatItIs({ letter }: { readonly letter: DeadLetter }) {
  const { name, path, orderingKey, about, customerName, id } = letter;
  const { customerId, runId, ...rest } = about;
  return (
    <>
      <VendorText value={path ?? orderingKey ?? name ?? id} />
      {typeof customerId === 'string' ? (
        <>
          {' of '}
          <Link to="/customers/$customerId" params={{ customerId }}>
            <VendorLine text={customerName ?? customerId} />
          </Link>
        </>
      ) : null}
      {typeof customerId === 'string' && typeof runId === 'string' ? (
        <>
          {', '}
          <Link to="/customers/$customerId/runs/$runId" params={{ customerId, runId }}>
            its run
          </Link>
        </>
      ) : null}
      {Object.entries(rest).map(([member, value]) => (
        <div key={member}>
          {member}: <VendorText value={value} isVerbatim />
        </div>
      ))}
    </>
  );
}
