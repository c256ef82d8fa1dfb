import { isJsonObject, type JsonObject } from '../json/json-value.ts';
import { showCut, showText, textOf } from './show-text.ts';

/**
 * Pure. The issues of a schema, and of any other list its objects, one a line; other data as `name: value`. `cut`: how long those members are
 * that are told in part.
 */
export function describeData(
  data: JsonObject,
  cut: Readonly<Record<string, number>> = {},
): readonly string[] {
  return Object.entries(data).flatMap(([name, value]) => {
    if (!Array.isArray(value) || !value.every(isJsonObject)) return [`${name}: ${showCut(value, cut[name])}`];
    const lines = value.map((item) =>
      name === 'issues'
        ? `${showText(item.pointer ?? '')} ${showText(item.message ?? '', 300)}`
        : describeItem(item),
    );
    const more = (cut[name] ?? value.length) - value.length;
    return more === 0 ? lines : [...lines, `… and ${more.toLocaleString('en-US')} more`];
  });
}

/** One of a list, such as the records that stand in the way of a revert: `user stu-1 · fields /email · changedBy 4a1f…`. */
function describeItem({ entityType, recordId, ...rest }: JsonObject): string {
  const named = [entityType, recordId].filter((part) => part !== undefined).map((part) => showText(part));
  const facts = Object.entries(rest).map(
    ([name, value]) =>
      `${name} ${showText(Array.isArray(value) ? value.map((one) => textOf(one) || 'the whole record').join(', ') : value, 200)}`,
  );
  return [...(named.length === 0 ? [] : [named.join(' ')]), ...facts].join(' · ');
}
