import { z } from 'zod';
import type { JsonValue } from '../../json/json-value.ts';

/** Any JSON. zod's own type for it has mutable lists, ours are read-only. */
export const Json = z.json() as z.ZodType<JsonValue, JsonValue>;

export const JsonMembers = z.record(z.string(), Json);
