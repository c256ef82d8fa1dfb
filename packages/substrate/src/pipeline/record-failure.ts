import { inspect } from 'node:util';
import type { z } from 'zod';
import { type Failure, toFailure } from '../failure/failure.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import { toWellFormedJson } from '../json/well-formed.ts';
import type { RecordedFailure } from '../report/recorded-failure.ts';

/** Pure. A failure as it is kept and shown: its code, message and data, without cause and stack. */
export function recordFailure(thrown: unknown): RecordedFailure {
  const failure: Failure = toFailure(thrown);
  const data = toWellFormedJson(toJson(failure.data)) as JsonObject;
  return { code: failure.code, message: failure.message, data };
}

/** Pure. What a schema found wrong, one entry an issue, with JSON Pointers. */
export function describeIssues(error: z.ZodError): readonly JsonObject[] {
  return error.issues.map((issue) => ({
    pointer: issue.path
      .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
      .join(''),
    message: issue.message,
  }));
}

function toJson(value: unknown, ancestors: readonly object[] = []): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  // What is no JSON (a bigint, a symbol, a date, an object within itself) is told in words: a failure must never fail to be kept.
  if (typeof value !== 'object') return inspect(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '[invalid date]' : value.toISOString();
  if (ancestors.includes(value)) return '[circular]';
  const below = [...ancestors, value];
  if (Array.isArray(value)) return value.map((item) => toJson(item, below));
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, toJson(member, below)]));
}
