import type { JsonObject, JsonValue } from '../json/json-value.ts';

/**
 * Pure. Rows as CSV (RFC 4180), under the names of all their members; what a row does not have is blank, as null is. Of a list, or an object,
 * the JSON stands there.
 */
export function toCsv(rows: readonly JsonObject[]): string {
  const names = [...new Set(rows.flatMap(Object.keys))];
  return [names, ...rows.map((row) => names.map((name) => textOf(row[name])))]
    .map((cells) => cells.map(quoted).join(','))
    .join('\n');
}

function textOf(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
