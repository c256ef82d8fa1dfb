import type { JsonValue } from '@flotilla/substrate/json/json-value';
import { toPlainText } from '@flotilla/substrate/report/plain-text';
import type { QueryAnswer } from '../rpc/answers.ts';
import { renderTable } from './table.ts';
import type { Colors } from './terminal.ts';

const widestCell = 60;

/** The answer of a query as a table; values are shortened to one short line each. */
export function renderRows({ columns, rows }: QueryAnswer, colors: Colors): string {
  return renderTable(
    columns.map(({ name, type }) => ({
      title: toPlainText(name, widestCell),
      align: isNumeric(type) ? 'right' : 'left',
    })),
    rows.map((row) => columns.map(({ name }) => renderCell(row[name], colors))),
    colors,
  );
}

function isNumeric(type: string): boolean {
  return /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL)/i.test(type);
}

function renderCell(value: JsonValue | undefined, colors: Colors): string {
  if (value === null || value === undefined) return colors.dim('null');
  return toPlainText(typeof value === 'string' ? value : JSON.stringify(value), widestCell);
}
