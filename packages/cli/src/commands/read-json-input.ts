import { readFileSync } from 'node:fs';
import { Failure } from '@flotilla/substrate/failure';
import { isJsonObject, type JsonObject } from '@flotilla/substrate/json/json-value';

/** What a person gives as JSON, as errors call it. */
export type JsonInput = 'the credential' | 'the settings of a merge' | `parameters of ${string}`;

/** A JSON object from text; `what` and `where` say in an error what was wrong. */
export function parseJsonObject(text: string, what: JsonInput, where: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    // V8's message quotes the text, which may be a secret: of it only the position is told, where it has one.
    const position = /position \d+( \(line \d+ column \d+\))?/.exec(String(cause))?.[0];
    throw refuse(what, where, position === undefined ? 'it is no JSON' : `it is no JSON, from ${position}`);
  }
  if (isJsonObject(value)) return value;
  throw refuse(what, where, 'it is JSON, but no object');
}

/** Fails with `invalid_params` for a file that cannot be read. */
export function readTextFile(path: string, what: JsonInput): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
    throw refuse(what, path, reason === 'ENOENT' ? 'there is no such file' : reason);
  }
}

function refuse(what: JsonInput, where: string, reason: string): Failure {
  return new Failure('invalid_params', 'Cannot read what should be a JSON object', {
    data: {
      what,
      where,
      reason,
      advice: `Give ${what} as a JSON object in ${where}, such as ${exampleOf(what)}`,
    },
  });
}

function exampleOf(what: JsonInput): string {
  if (what === 'the credential') return '{"type":"oauth2","clientId":"…","clientSecret":"…"}';
  return what === 'the settings of a merge'
    ? '{"default": "resolveTheirs"}'
    : '{"customerId": "springfield"}';
}
