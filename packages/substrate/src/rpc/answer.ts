import { z } from 'zod';
import type { JsonValue } from '../json/json-value.ts';

/** Whatever `JSON.parse` made, so only that it is there is looked at. */
const Result = z.custom<JsonValue>((value) => value !== undefined);

const RpcAnswer = z.union([
  z.object({ jsonrpc: z.literal('2.0'), result: Result }),
  z.object({
    jsonrpc: z.literal('2.0'),
    error: z.object({
      code: z.number(),
      message: z.string(),
      data: z.record(z.string(), z.json()).optional(),
    }),
  }),
]);

/** A JSON-RPC 2.0 answer as whoever called reads it. Errors before JSON-RPC (401, 413, 503) have its shape too. */
export type RpcAnswer = { readonly result: JsonValue } | { readonly error: AnsweredError };
export type AnsweredError = Extract<z.output<typeof RpcAnswer>, { error: unknown }>['error'];

/** Pure. Undefined for what is no JSON-RPC: what stands before a service may answer in its place, in whatever form. */
export function readAnswer(text: string): RpcAnswer | undefined {
  return RpcAnswer.safeParse(parseOrUndefined(text)).data;
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Pure. Why nothing was answered: fetch says "fetch failed" and keeps the reason in the cause. */
export function reasonOfSilence(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { cause } = thrown;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return thrown.message;
}
