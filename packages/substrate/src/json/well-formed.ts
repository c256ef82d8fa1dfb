import type { JsonValue } from './json-value.ts';

/**
 * Pure. The value with every half of a character (a lone surrogate), in texts and in names, replaced by U+FFFD. JSON can carry them as
 * escapes, and does where a system cut a name in the middle of an emoji; no database can.
 */
export function toWellFormedJson(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(toWellFormedJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.toWellFormed(), toWellFormedJson(member)]),
  );
}
