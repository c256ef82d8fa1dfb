import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import type { VendorProblem } from '@flotilla/substrate/testing/simulator/exchange';
import { refuse } from './refusal.ts';

type Test = (held: JsonValue | undefined, value: string) => boolean;

/** `equals`, `in` and comparisons mind the case; `starts with` and `contains` do not. */
const operators: Readonly<Record<string, Test>> = {
  equals: (held, value) => textOf(held) === value,
  'starts with': (held, value) => textOf(held).toLowerCase().startsWith(value.toLowerCase()),
  contains: (held, value) => textOf(held).toLowerCase().includes(value.toLowerCase()),
  in: (held, value) => value.split(',').includes(textOf(held)),
  'not in': (held, value) => !value.split(',').includes(textOf(held)),
  'is known': (held) => held !== null && held !== undefined,
  'is unknown': (held) => held === null || held === undefined,
  gt: (held, value) => textOf(held) > value,
  gte: (held, value) => textOf(held) >= value,
  lt: (held, value) => textOf(held) < value,
  lte: (held, value) => textOf(held) <= value,
};

/** Pure. Whether a record passes `$filter={"name":[{"operator":"equals","value":"z"}]}`, or the refusal of such a text. */
export function parseFilter(text: string | null): ((record: JsonObject) => boolean) | VendorProblem {
  if (text === null) return () => true;
  const tests: ((record: JsonObject) => boolean)[] = [];
  const filter = parse(text);
  if (filter === undefined) return refuse('INVALID_FILTER', '$filter must be a JSON object');
  for (const [member, conditions] of Object.entries(filter)) {
    for (const condition of Array.isArray(conditions) ? conditions : [conditions]) {
      const { operator, value = '' } = isJsonObject(condition) ? condition : {};
      const test = typeof operator === 'string' ? operators[operator] : undefined;
      if (test === undefined || typeof value !== 'string') {
        return refuse('INVALID_FILTER', `Each condition on ${member} needs an operator and a value as text`);
      }
      tests.push((record) => test(record[member], value));
    }
  }
  return (record) => tests.every((test) => test(record));
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function textOf(held: JsonValue | undefined): string {
  return typeof held === 'string' ? held : held === null || held === undefined ? '' : JSON.stringify(held);
}
