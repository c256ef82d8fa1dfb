import { isJsonObject, type JsonObject } from '../../json/json-value.ts';

/** Pure. The JSON object that a request's body is; undefined for any other body, which is then the vendor's error to tell. */
export function jsonObjectIn(body: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
