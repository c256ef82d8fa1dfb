import { z } from 'zod';
import { isJsonObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';

/** Any JSON, exactly as it is: what comes over the wire is JSON already, and zod's own type for it leaves members named `__proto__` out. */
export const Json = z
  .unknown()
  .refine((value) => value !== undefined, { message: 'a JSON value', abort: true }) as z.ZodType<
  JsonValue,
  JsonValue
>;

/** An object with members of any name. */
export const JsonMembers = z
  .unknown()
  .refine((value) => isJsonObject(value), { message: 'an object', abort: true })
  .meta({ type: 'object' }) as z.ZodType<JsonObject, JsonObject>;
