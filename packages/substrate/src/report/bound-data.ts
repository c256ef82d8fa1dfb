import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import { beginningOf } from './cut-members.ts';
import { takeWithin } from './json-size.ts';
import { textOf } from './show-text.ts';

/** The vendor's answer is told word for word up to here, as far as it is kept at all (`http/response-failure.ts`). Characters. */
export const longestAnswer = 8_000;
/** Of a text of the data. Characters. */
const longestText = 500;
/** Of a list, such as the issues of a record, in bytes; and of each text of an item, in characters. */
const mostOfList = 4_000;
const longestOfItem = 500;

/** What a failure knows, in short. `cut`: of each member that is cut, how long it is: of a text in characters, of a list in items. */
export interface BoundData {
  readonly data: JsonObject;
  readonly cut?: Readonly<Record<string, number>>;
}

/** Pure. */
export function boundData(data: JsonObject): BoundData {
  const cut: Record<string, number> = {};
  const kept = Object.entries(data).map(([name, value]): [string, JsonValue] => {
    if (Array.isArray(value)) {
      const items = takeWithin(value as readonly JsonValue[], mostOfList, boundItem);
      if (items.length < value.length) cut[name] = value.length;
      return [name, items];
    }
    const text = textOf(value);
    if (text.length <= longestText) return [name, value];
    cut[name] = text.length;
    return [name, beginningOf(text, longestText)];
  });
  return { data: Object.fromEntries(kept), ...(Object.keys(cut).length === 0 ? {} : { cut }) };
}

/** The words of an issue may quote a value. */
function boundItem(item: JsonValue): JsonValue {
  if (typeof item === 'string') return shorten(item);
  if (!isJsonObject(item)) return item;
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, typeof value === 'string' ? shorten(value) : value]),
  );
}

function shorten(text: string): string {
  if (text.length <= longestOfItem) return text;
  return `${beginningOf(text, longestOfItem)}… (${text.length.toLocaleString('en-US')} characters)`;
}
