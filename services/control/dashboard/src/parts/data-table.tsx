import type { ReactNode } from 'react';
import styles from './data-table.module.css';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers stand under each other by their last digit. */
  readonly isNumber?: boolean;
}

interface DataTableProps<Row> {
  /** What the table holds, for those who cannot see it. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Where there are no rows: why, and what to do. */
  readonly empty: ReactNode;
  /** Mostly numbers, to be compared from row to row: on a narrow page the table scrolls within itself, under its rows' names. */
  readonly isNumbers?: boolean;
}

/** Rows and columns; on a narrow page each row is a card of its own. The first column names its row. */
export function DataTable<Row>({ isNumbers = false, ...props }: DataTableProps<Row>) {
  if (props.rows.length === 0) return <p className={styles.empty}>{props.empty}</p>;
  if (!isNumbers) return <Rows {...props} className={`${styles.table} ${styles.cards}`} />;
  return (
    // What scrolls must be reached by the keyboard, which scrolls it.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: as said
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- as said
    <div className={styles.scroll} role="region" aria-label={props.caption} tabIndex={0}>
      <Rows {...props} className={styles.table ?? ''} />
    </div>
  );
}

interface RowsProps<Row> extends Omit<DataTableProps<Row>, 'empty' | 'isNumbers'> {
  readonly className: string;
}

function Rows<Row>({ caption, columns, rows, keyOf, className }: RowsProps<Row>) {
  return (
    <table className={className}>
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ title, isNumber }) => (
            <th key={title} scope="col" className={isNumber ? styles.number : undefined}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ title, cell, isNumber }, index) => {
              const content = (
                <>
                  <span className={styles.label} aria-hidden="true">
                    {title}
                  </span>
                  <span>{cell(row)}</span>
                </>
              );
              const className = isNumber ? styles.number : undefined;
              return index === 0 ? (
                <th key={title} scope="row" className={className}>
                  {content}
                </th>
              ) : (
                <td key={title} className={className}>
                  {content}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
