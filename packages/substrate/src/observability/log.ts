import type { TraceContext } from './trace.ts';

/** What a line carries besides its message; `error` may be anything that was thrown and is written with its stack and causes. */
export interface LogData {
  readonly error?: unknown;
  readonly [name: string]: unknown;
}

/**
 * Structured log. Messages are static strings, so that they group; what varies stands in `data`. Everything is redacted on its way
 * out: by key names, by the shapes of secrets, and by the values registered in the log's `Secrets`.
 */
export interface Log {
  debug(message: string, data?: LogData): void;
  info(message: string, data?: LogData): void;
  warn(message: string, data?: LogData): void;
  error(message: string, data?: LogData): void;
  /** A log that adds `data` to each of its lines. */
  child(data: LogData): Log;
  /** A log whose lines belong to a trace (Google's `logging.googleapis.com/trace` fields). */
  forTrace(trace: TraceContext): Log;
}
