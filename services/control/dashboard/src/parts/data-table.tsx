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
}

/** Rows and columns; on a narrow page each row is a card of its own. The first column names its row. */
export function DataTable<Row>({ caption, columns, rows, keyOf, empty }: DataTableProps<Row>) {
  if (rows.length === 0) return <p className={styles.empty}>{empty}</p>;
  return (
    <table className={styles.table}>
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
