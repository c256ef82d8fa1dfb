import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import type { SimulatedRequest } from '@flotilla/substrate/testing/simulator/exchange';

/** Pure. A record with ids as integers, or as texts for who asks for `application/json+canvas-string-ids`. */
export function showRecord({ headers }: Pick<SimulatedRequest, 'headers'>, record: JsonObject): JsonObject {
  const asTexts = /application\/json\+canvas-string-ids/i.test(headers.accept ?? '');
  return asTexts ? record : (withNumbers(record) as JsonObject);
}

/** Pure. A record without members by which the simulator finds it. */
export function without(record: JsonObject, ...hidden: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !hidden.includes(name)));
}

function withNumbers(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withNumbers);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      isId(name) ? toNumber(member) : withNumbers(member),
    ]),
  );
}

/** Ids of the SIS and of logins are texts, whatever they look like. */
function isId(name: string): boolean {
  return /^(?!sis_(?!import)|login_|.*integration_).*(^|_)ids?$/.test(name);
}

function toNumber(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(toNumber);
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
}
