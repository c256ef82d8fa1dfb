import { Failure } from '../../failure/failure.ts';
import { parseRequestPattern, type RequestPattern } from './request-pattern.ts';

export type FaultAction =
  | {
      readonly kind: 'status';
      readonly status: number;
      /** Each given one becomes a header: `Retry-After` in seconds, `Retry-After` as a date, `X-RateLimit-Reset` in epoch seconds. */
      readonly retryAfter?: number;
      readonly retryAfterDate?: number;
      readonly rateLimitReset?: number;
    }
  | { readonly kind: 'html'; readonly status: number }
  | { readonly kind: 'delay'; readonly milliseconds: number }
  | { readonly kind: 'drop-records'; readonly count: number }
  | { readonly kind: (typeof plainActions)[number] };

/** One misbehaviour of a vendor: which requests it befalls, what happens, and how often. */
export interface Fault {
  readonly pattern: RequestPattern;
  readonly action: FaultAction;
  /** How many requests it befalls; `Infinity` for `times=always`. */
  readonly times: number;
  readonly line: string;
}

/**
 * `truncate` half a body, well framed · `cut` what was asked is done, but the connection dies mid-body, or before an empty one ·
 * `hang` no answer, ever · `reset` the connection is reset · `duplicate-page` the page before, again ·
 * `wrong-content-type` the right body, labelled text/plain · `expire-token` 401 from now on.
 */
const plainActions = [
  'truncate',
  'cut',
  'hang',
  'reset',
  'duplicate-page',
  'wrong-content-type',
  'expire-token',
] as const;

const actionsText = `a status 400-599 [retry-after=S] [retry-after-date=S] [rate-limit-reset=S], html [STATUS], delay=500ms, drop-records=N, ${plainActions.join(', ')}`;

/**
 * Pure. One line, `PATTERN: ACTION [times=N|always]`, such as `GET /users page=3: 429 retry-after=2`. A fault strikes once unless `times`
 * says otherwise. Throws `invalid_params` with the line, what was found and what is allowed.
 */
export function parseFault(line: string): Fault {
  const text = line.trim();
  const colon = /:(\s|$)/.exec(text);
  if (colon === null) throw refuse(line, text, 'PATTERN: ACTION, with a blank after the colon');
  const pattern = parseRequestPattern(text.slice(0, colon.index));
  const words = text
    .slice(colon.index + 1)
    .trim()
    .split(/\s+/);
  const times = words.filter((word) => word.startsWith('times='));
  if (times.length > 1) throw refuse(line, times.join(' '), 'times= once');
  return {
    pattern,
    action: parseAction(
      line,
      words.filter((word) => !word.startsWith('times=')),
    ),
    times: times[0] === undefined ? 1 : parseTimes(line, times[0]),
    line: text,
  };
}

function parseTimes(line: string, word: string): number {
  const value = word.slice('times='.length);
  if (value === 'always') return Number.POSITIVE_INFINITY;
  if (/^[1-9]\d*$/.test(value)) return Number(value);
  throw refuse(line, word, 'times=N with N from 1, or times=always');
}

function parseAction(line: string, words: readonly string[]): FaultAction {
  const [word = '', ...options] = words;
  if (/^[45]\d\d$/.test(word)) return parseStatus(line, Number(word), options);
  if (word === 'html' && options.length <= 1) {
    const status = options[0] ?? '200';
    if (!/^[2-5]\d\d$/.test(status)) throw refuse(line, status, 'html STATUS, from 200 to 599');
    return { kind: 'html', status: Number(status) };
  }
  if (options.length > 0) throw refuse(line, options.join(' '), `nothing more after ${word}`);
  const delay = /^delay=(\d+)(ms|s)$/.exec(word);
  if (delay !== null)
    return { kind: 'delay', milliseconds: Number(delay[1]) * (delay[2] === 's' ? 1000 : 1) };
  const drop = /^drop-records=([1-9]\d*)$/.exec(word);
  if (drop !== null) return { kind: 'drop-records', count: Number(drop[1]) };
  const kind = plainActions.find((name) => name === word);
  if (kind === undefined) throw refuse(line, word, actionsText);
  return { kind };
}

function parseStatus(line: string, status: number, options: readonly string[]): FaultAction {
  const names = {
    'retry-after': 'retryAfter',
    'retry-after-date': 'retryAfterDate',
    'rate-limit-reset': 'rateLimitReset',
  };
  const seconds: Partial<Record<string, number>> = {};
  for (const option of options) {
    const match = /^(retry-after|retry-after-date|rate-limit-reset)=(\d+)$/.exec(option);
    if (match === null)
      throw refuse(line, option, 'retry-after=S, retry-after-date=S or rate-limit-reset=S, in seconds');
    seconds[names[match[1] as keyof typeof names]] = Number(match[2]);
  }
  return { kind: 'status', status, ...seconds };
}

function refuse(line: string, found: string, expected: string): Failure {
  return new Failure('invalid_params', 'Not a fault: it reads PATTERN: ACTION [times=N|always]', {
    data: { fault: line, found, expected },
  });
}
