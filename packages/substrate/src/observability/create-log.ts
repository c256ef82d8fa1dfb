import { pino } from 'pino';
import type { Clock } from '../clock/clock.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import type { Log, LogData } from './log.ts';
import { prettyLine } from './pretty-line.ts';
import { redact } from './redact.ts';
import type { Secrets } from './secrets.ts';
import type { TraceContext } from './trace.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogOptions {
  readonly service: string;
  readonly version: string;
  readonly clock: Clock;
  readonly secrets: Secrets;
  /** Lines below it are not written. `info` if left out. */
  readonly level?: LogLevel;
  /** `json`: one object a line as Google Cloud Logging reads it; `pretty`: one readable line for a person at a terminal. */
  readonly format: 'json' | 'pretty';
  /** Colours in the pretty format; set it where the output is a terminal. */
  readonly colours?: boolean;
  /** The Google Cloud project; without it lines carry the bare trace id. */
  readonly projectId?: string;
  /** Where lines go, each with its line feed; standard output if left out, written at once so that a crash loses none. */
  readonly destination?: { write(line: string): unknown };
}

/** Google's names of severities: https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#LogSeverity */
const severityByLevel: Readonly<Record<string, string>> = {
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
};

/** Members that mean something to Cloud Logging; data of the same name is set aside with an underscore. */
const reservedNames = new Set([
  'severity',
  'message',
  'time',
  'timestamp',
  'serviceContext',
  'stack_trace',
  '@type',
  'httpRequest',
]);

/**
 * A log in Google Cloud Logging's structured format (https://cloud.google.com/logging/docs/structured-logging): `severity`, `message`,
 * `time`, `serviceContext`, the trace's members, `stack_trace` where there is an error (Error Reporting groups by it), and the data.
 */
export function createLog(options: LogOptions): Log {
  const { service, version, clock, secrets, level = 'info', format, projectId } = options;
  const output = options.destination ?? pino.destination({ fd: 1, sync: true });
  const logger = pino(
    {
      level,
      messageKey: 'message',
      base: { serviceContext: { service, version } },
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (label) => ({ severity: severityByLevel[label] ?? 'DEFAULT' }) },
    },
    format === 'json'
      ? output
      : { write: (line: string) => output.write(prettyLine(line, options.colours ?? false)) },
  );

  function createChild(bound: LogData, trace: TraceContext | undefined): Log {
    function write(at: LogLevel, message: string, data: LogData = {}) {
      if (!logger.isLevelEnabled(at)) return;
      const safe = redact({ ...bound, ...data }, secrets.values) as JsonObject;
      logger[at](
        { ...traceMembers(trace, projectId), ...setAside(safe) },
        redact(message, secrets.values) as string,
      );
    }
    return {
      debug: (message, data) => write('debug', message, data),
      info: (message, data) => write('info', message, data),
      warn: (message, data) => write('warn', message, data),
      error: (message, data) => write('error', message, data),
      child: (data) => createChild({ ...bound, ...data }, trace),
      forTrace: (other) => createChild(bound, other),
    };
  }
  return createChild({}, undefined);
}

function traceMembers(trace: TraceContext | undefined, projectId: string | undefined): JsonObject {
  if (trace === undefined) return {};
  const { traceId, spanId, sampled } = trace;
  return {
    'logging.googleapis.com/trace':
      projectId === undefined ? traceId : `projects/${projectId}/traces/${traceId}`,
    'logging.googleapis.com/spanId': spanId,
    'logging.googleapis.com/trace_sampled': sampled,
  };
}

/** Moves the stacks of `error` and its causes to `stack_trace`, and gives way to the names that Cloud Logging claims. */
function setAside(data: JsonObject): JsonObject {
  const members: [string, JsonValue][] = [];
  for (const [name, value] of Object.entries(data)) {
    if (name !== 'error')
      members.push([
        reservedNames.has(name) || name.startsWith('logging.googleapis.com/') ? `${name}_` : name,
        value,
      ]);
  }
  if (data.error === undefined) return Object.fromEntries(members);
  const stacks: string[] = [];
  members.push(['error', collectStacks(data.error, stacks)]);
  if (stacks.length > 0) members.push(['stack_trace', stacks.join('\nCaused by: ')]);
  return Object.fromEntries(members);
}

function collectStacks(error: JsonValue, stacks: string[]): JsonValue {
  if (!isJsonObject(error)) return error;
  const { stack, cause, ...rest } = error;
  if (typeof stack === 'string') stacks.push(stack);
  return cause === undefined ? rest : { ...rest, cause: collectStacks(cause, stacks) };
}
