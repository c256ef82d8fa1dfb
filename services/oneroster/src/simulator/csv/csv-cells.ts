import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type { CsvColumn } from './csv-columns.ts';

/**
 * Pure. A cell as its REST member: texts of truth in lower case, lists split, numbers as numbers, references as objects. What does not
 * have the form it should have stays the text it is: to serve dirt as dirt is the point.
 */
export function cellToMember(
  cell: string,
  column: CsvColumn,
  reference: (type: string, id: string) => JsonObject,
): JsonValue {
  switch (column.kind) {
    case 'flag':
      return /^(true|false)$/i.test(cell) ? cell.toLowerCase() : cell;
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(cell) ? Number(cell) : cell;
    case 'moment':
      // The CSV binding has dates where REST has date-times.
      return /^\d{4}-\d{2}-\d{2}$/.test(cell) ? `${cell}T00:00:00.000Z` : cell;
    case 'list':
      return splitList(cell);
    case 'ref':
      return reference(column.target ?? '', cell);
    case 'refs':
      return splitList(cell).map((id) => reference(column.target ?? '', id));
    case 'json':
      return column.field === 'userIds'
        ? readPairs(cell, 'type', 'identifier')
        : readPairs(cell, 'itemValueLHS', 'itemValueRHS');
    case 'text':
    case 'date':
      return cell;
  }
}

function splitList(cell: string): string[] {
  return cell
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** `{LDAP:12},{LTI:15}`; what is not in braces becomes a pair without a left side, rather than vanish. */
function readPairs(cell: string, left: string, right: string): JsonValue {
  const pairs = [...cell.matchAll(/\{([^:{}]*):([^{}]*)\}/g)];
  const rest = splitList(cell.replaceAll(/\{[^:{}]*:[^{}]*\}/g, ''));
  return [
    ...pairs.map((match) => ({ [left]: (match[1] ?? '').trim(), [right]: (match[2] ?? '').trim() })),
    ...rest.map((text) => ({ [left]: '', [right]: text })),
  ];
}
