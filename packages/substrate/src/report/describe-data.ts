import { isJsonObject, type JsonObject } from '../json/json-value.ts';
import { showText, textOf } from './show-text.ts';

/** What a vendor answered is what a school asks for. Characters. */
const wholeAnswer = 2_000;

/** Pure. The issues of a schema, and of any other list its objects, one a line; other data as `name: value`. */
export function describeData(data: JsonObject): readonly string[] {
  return Object.entries(data).flatMap(([name, value]) => {
    if (!Array.isArray(value) || !value.every(isJsonObject))
      return [`${name}: ${showText(value, name === 'excerpt' ? wholeAnswer : undefined)}`];
    if (name === 'issues')
      return value.map((issue) => `${showText(issue.pointer ?? '')} ${showText(issue.message ?? '', 300)}`);
    return value.map((item) => describeItem(item));
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
