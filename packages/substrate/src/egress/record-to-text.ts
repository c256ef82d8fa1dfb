import type { JsonObject } from '../json/json-value.ts';

/**
 * Pure. A lone surrogate is JSON to JavaScript but not to a warehouse, which would refuse the row, or to read the column ever after: it
 * becomes U+FFFD. The store refuses such text, so this is the second lock on the door.
 */
export function recordToText(record: JsonObject): string {
  const text = JSON.stringify(record);
  if (!/\\ud[89a-f]/i.test(text)) return text;
  return JSON.stringify(record, (_name, value: unknown) => {
    if (typeof value === 'string') return value.toWellFormed();
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toWellFormed(), member]));
  });
}
