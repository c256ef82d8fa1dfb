import { Failure, type FailureData } from '../failure/failure.ts';
import type { JsonValue } from '../json/json-value.ts';

/** The parts of an answer that reading it takes. */
export interface ReadableAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * Pure. The body as JSON, whatever its content type says: vendors mislabel. Throws `vendor_unavailable` for an empty or cut-off
 * body (it may be whole the next time), else `vendor_answer_invalid`. The failure holds no piece of the body: what begins like
 * JSON is student data, and the parser's own message would quote it.
 */
export function readJson(answer: ReadableAnswer): JsonValue {
  const { body, headers } = answer;
  const facts = { contentType: headers['content-type'] ?? 'none', bytes: body.byteLength };
  if (body.byteLength === 0) throw unreadable('vendor_unavailable', 'empty_body', facts);
  const text = decodeText(answer, facts);
  if (!looksLikeJson(text) && !isJsonType(headers)) {
    throw unreadable('vendor_answer_invalid', isHtml(text) ? 'html_instead_of_json' : 'not_json', facts);
  }
  const { depth, isOpen } = measure(text);
  if (depth > maximumDepth) throw unreadable('vendor_answer_invalid', 'nested_too_deep', facts);
  try {
    return JSON.parse(text);
  } catch {
    if (isOpen) throw unreadable('vendor_unavailable', 'json_cut_off', facts);
    throw unreadable(
      'vendor_answer_invalid',
      isHtml(text) ? 'html_instead_of_json' : 'malformed_json',
      facts,
    );
  }
}

/** Pure. Whether an answer is JSON by its look; an empty one is if its content type says so. */
export function isJsonAnswer({ headers, body }: ReadableAnswer): boolean {
  if (body.byteLength === 0) return isJsonType(headers);
  return looksLikeJson(new TextDecoder().decode(body.subarray(0, 64)));
}

/** Far beyond any vendor's record, far below where recursion over the value would end. */
const maximumDepth = 100;

function looksLikeJson(text: string): boolean {
  return /^\s*[{[]/.test(text);
}

function isHtml(text: string): boolean {
  return /^\s*</.test(text);
}

function isJsonType(headers: Readonly<Record<string, string>>): boolean {
  return /^[^;]*[/+]json\b/i.test(headers['content-type'] ?? '');
}

/** UTF-8 unless the content type names another charset. What is not valid in it is refused: U+FFFD in a name would be stored and pushed. */
function decodeText({ headers, body }: ReadableAnswer, facts: FailureData): string {
  const label = /;\s*charset="?([^\s";]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(label, { fatal: true }).decode(body);
  } catch (cause) {
    throw unreadable('vendor_answer_invalid', 'charset', { ...facts, charset: label }, cause);
  }
}

/** The deepest nesting, and whether the text ends inside of a string, an object or an array. Before the parser, so that it never builds a bomb. */
function measure(text: string): { depth: number; isOpen: boolean } {
  let depth = 0;
  let level = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (isInString) {
      if (code === backslash) index++;
      else if (code === quote) isInString = false;
    } else if (code === quote) {
      isInString = true;
    } else if (code === openBracket || code === openBrace) {
      if (++level > depth) depth = level;
    } else if (code === closeBracket || code === closeBrace) {
      level--;
    }
  }
  return { depth, isOpen: isInString || level > 0 };
}

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

const messages = {
  empty_body: 'The vendor sent an empty answer where JSON was due',
  json_cut_off: 'The vendor sent JSON that breaks off',
  html_instead_of_json: 'The vendor sent a web page where JSON was due',
  not_json: 'The vendor sent something that is not JSON',
  malformed_json: 'The vendor sent malformed JSON',
  nested_too_deep: 'The vendor sent JSON that is nested too deep',
  charset: 'The vendor sent text that is not valid in its character set',
} as const;

function unreadable(
  code: 'vendor_unavailable' | 'vendor_answer_invalid',
  problem: keyof typeof messages,
  facts: FailureData,
  cause?: unknown,
): Failure {
  return new Failure(code, messages[problem], { data: { problem, ...facts }, cause });
}
