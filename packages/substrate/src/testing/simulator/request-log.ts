import { matchesPattern, parseRequestPattern } from './request-pattern.ts';

export interface LoggedRequest {
  /** Counts from 1 over the simulator's life, also when old entries were dropped. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly page: number | undefined;
  /** The line of the route table that answered; empty where none did. */
  readonly route: string;
  /** The status sent, or what happened instead of one. */
  readonly status: number | 'hung' | 'reset';
  readonly authorised: boolean;
  /** The faults that struck it. */
  readonly faults: readonly string[];
  /** The message of an error inside the simulator itself: a bug there, never the client's fault. */
  readonly error?: string;
}

export interface RequestLog {
  add(entry: Omit<LoggedRequest, 'number'>): void;
  /** All kept requests, or those that match a pattern such as `GET /users page=3`. */
  list(pattern?: string): readonly LoggedRequest[];
  clear(): void;
  /** Requests since the start or the last `clear`, dropped entries included. */
  readonly total: number;
}

/** Keeps the newest `keep` requests. */
export function createRequestLog(keep = 20_000): RequestLog {
  let entries: LoggedRequest[] = [];
  let number = 0;
  let clearedAt = 0;
  return {
    add(entry) {
      number += 1;
      entries.push({ number, ...entry });
      // Trimmed in bulk: shifting one by one would copy the whole array for each request.
      if (entries.length > keep * 1.5) entries = entries.slice(-keep);
    },
    list(pattern) {
      if (pattern === undefined) return entries.slice();
      const wanted = parseRequestPattern(pattern);
      return entries.filter((entry) => matchesPattern(wanted, entry));
    },
    clear() {
      entries = [];
      clearedAt = number;
    },
    get total() {
      return number - clearedAt;
    },
  };
}
