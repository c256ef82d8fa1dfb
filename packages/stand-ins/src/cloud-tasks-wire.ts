import type { NewTask, QueueConfig, QueuedAttempt, QueuedTask } from './cloud-tasks-queue.ts';
import { Refusal } from './grpc-server.ts';

/** A protobuf timestamp or duration: 64-bit integers are texts. */
export interface ProtoTime {
  readonly seconds: string | number;
  readonly nanos: number;
}

export interface ProtoQueue {
  readonly name: string;
  readonly rateLimits: {
    readonly maxDispatchesPerSecond: number;
    readonly maxConcurrentDispatches: number;
  } | null;
  readonly retryConfig: {
    readonly maxAttempts: number;
    readonly maxRetryDuration: ProtoTime | null;
    readonly minBackoff: ProtoTime | null;
    readonly maxBackoff: ProtoTime | null;
    readonly maxDoublings: number;
  } | null;
}

export interface ProtoTask {
  readonly name: string;
  readonly httpRequest: {
    readonly url: string;
    readonly httpMethod: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Buffer;
    readonly oidcToken?: { readonly serviceAccountEmail: string; readonly audience: string } | null;
  } | null;
  readonly scheduleTime: ProtoTime | null;
  readonly dispatchDeadline: ProtoTime | null;
}

/** "The maximum task size is 100KB." (`CreateTask` in `cloudtasks.proto`; 1 MB by https://cloud.google.com/tasks/docs/quotas: the smaller.) */
const maximumTaskBytes = 100_000;
/** "The size of the headers must be less than 80KB." (`HttpRequest.headers` in `target.proto`) */
const maximumHeaderBytes = 80_000;
/** "The maximum allowed URL length is 2083 characters after encoding." (`HttpRequest.url`) */
const maximumUrlLength = 2_083;
const hourMs = 3_600_000;

/**
 * A queue's settings, with `gcloud tasks queues create`'s defaults for what is left out. Durations lose what is below a second: "will be
 * truncated to the nearest second" (`RetryConfig` in `queue.proto`).
 */
export function readConfig({ rateLimits, retryConfig }: ProtoQueue): QueueConfig {
  const rate = rateLimits?.maxDispatchesPerSecond || 500;
  const concurrent = rateLimits?.maxConcurrentDispatches || 1_000;
  const maxAttempts = retryConfig?.maxAttempts || 100;
  if (rate < 0 || rate > 500) throw invalid('RateLimits.max_dispatches_per_second must be at most 500');
  if (concurrent < 0 || concurrent > 5_000)
    throw invalid('RateLimits.max_concurrent_dispatches must be at most 5000');
  if (maxAttempts < -1) throw invalid('RetryConfig.max_attempts must be >= -1');
  const minBackoffMs = wholeSeconds(retryConfig?.minBackoff) ?? 100;
  const maxBackoffMs = wholeSeconds(retryConfig?.maxBackoff) ?? hourMs;
  if (minBackoffMs > maxBackoffMs)
    throw invalid('RetryConfig.min_backoff must not be above RetryConfig.max_backoff');
  return {
    maxDispatchesPerSecond: rate,
    maxConcurrentDispatches: concurrent,
    maxAttempts,
    maxRetryDurationMs: wholeSeconds(retryConfig?.maxRetryDuration) ?? 0,
    minBackoffMs,
    maxBackoffMs,
    maxDoublings: retryConfig?.maxDoublings || 16,
  };
}

export function configToProto(config: QueueConfig): object {
  return {
    rateLimits: {
      maxDispatchesPerSecond: config.maxDispatchesPerSecond,
      maxBurstSize: Math.max(1, Math.floor(config.maxDispatchesPerSecond / 10)),
      maxConcurrentDispatches: config.maxConcurrentDispatches,
    },
    retryConfig: {
      maxAttempts: config.maxAttempts,
      maxRetryDuration: toTimestamp(config.maxRetryDurationMs),
      minBackoff: toTimestamp(config.minBackoffMs),
      maxBackoff: toTimestamp(config.maxBackoffMs),
      maxDoublings: config.maxDoublings,
    },
  };
}

/** A task as it is to be added; without an id where none was chosen. Refuses what Cloud Tasks refuses. */
export function readNewTask(parent: string, task: ProtoTask, now: number): NewTask {
  const id = task.name === '' ? '' : readTaskId(parent, task.name);
  const request = task.httpRequest;
  if (request === null || request === undefined) throw invalid('Task.http_request is required');
  const { url, headers, body, oidcToken } = request;
  if (!/^https?:\/\//.test(url)) throw invalid('HttpRequest.url must begin with http:// or https://');
  if (encodeURI(url).length > maximumUrlLength) throw invalid('HttpRequest.url is too long');
  const headerBytes = Buffer.byteLength(Object.entries(headers).flat().join(''));
  if (headerBytes >= maximumHeaderBytes) throw invalid('HttpRequest.headers are too large');
  const bytes = body.length + headerBytes + Buffer.byteLength(`${url}${task.name}${oidcToken?.audience}`);
  if (bytes > maximumTaskBytes) throw invalid('Task size too large');
  const scheduledAt = toMs(task.scheduleTime) ?? now;
  if (scheduledAt - now > 720 * hourMs) {
    // Its words: https://github.com/keypup-io/cloudtasker/issues/45.
    const at = new Date(scheduledAt).toISOString();
    throw invalid(
      `The Task.scheduleTime, ${at}, is too far in the future. Schedule time must be no more than 720h in the future.`,
    );
  }
  const deadlineMs = toMs(task.dispatchDeadline) ?? 600_000;
  if (deadlineMs < 15_000 || deadlineMs > 1_800_000)
    throw invalid('Task.dispatchDeadline must be between [15s, 30m].');
  return {
    id,
    request: {
      method: request.httpMethod === 'HTTP_METHOD_UNSPECIFIED' ? 'POST' : request.httpMethod,
      url,
      headers: ownHeaders(headers),
      body,
    },
    token:
      oidcToken === null || oidcToken === undefined
        ? undefined
        : // "If not specified, the URI specified in target will be used." (`OidcToken.audience`)
          { email: oidcToken.serviceAccountEmail, audience: oidcToken.audience || url },
    scheduledAt,
    deadlineMs,
  };
}

/** `BASIC` leaves the body out. */
export function taskToProto(parent: string, task: QueuedTask, isFull: boolean): object {
  const { request, token, firstDispatchedAt, lastAttempt } = task;
  return {
    name: `${parent}/tasks/${task.id}`,
    httpRequest: {
      url: request.url,
      httpMethod: request.method,
      headers: request.headers,
      ...(isFull ? { body: request.body } : {}),
      ...(token === undefined
        ? {}
        : { oidcToken: { serviceAccountEmail: token.email, audience: token.audience } }),
    },
    scheduleTime: toTimestamp(task.scheduledAt),
    // "`create_time` will be truncated to the nearest second."
    createTime: toTimestamp(Math.floor(task.createdAt / 1000) * 1000),
    dispatchDeadline: toTimestamp(task.deadlineMs),
    dispatchCount: task.dispatches,
    responseCount: task.responses,
    firstAttempt: firstDispatchedAt === undefined ? null : { dispatchTime: toTimestamp(firstDispatchedAt) },
    lastAttempt: lastAttempt === undefined ? null : attemptToProto(lastAttempt),
    view: isFull ? 'FULL' : 'BASIC',
  };
}

export function toTimestamp(ms: number): ProtoTime {
  return { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1_000_000 };
}

function attemptToProto({ scheduledAt, dispatchedAt, endedAt, status }: QueuedAttempt): object {
  const [unknown, deadlineExceeded] = [2, 4];
  return {
    scheduleTime: toTimestamp(scheduledAt),
    dispatchTime: toTimestamp(dispatchedAt),
    ...(endedAt === undefined
      ? {}
      : {
          responseTime: toTimestamp(endedAt),
          responseStatus: {
            code: status === null ? deadlineExceeded : unknown,
            message: status === null ? 'No answer' : `HTTP status code ${status}`,
          },
        }),
  };
}

/** "TASK_ID can contain only letters ([A-Za-z]), numbers ([0-9]), hyphens (-), or underscores (_). The maximum length is 500 characters." */
function readTaskId(parent: string, name: string): string {
  const id = name.startsWith(`${parent}/tasks/`) ? name.slice(`${parent}/tasks/`.length) : '';
  if (!/^[A-Za-z0-9_-]{1,500}$/.test(id)) throw invalid(`Task name is malformed: ${name}`);
  return id;
}

/** Those that are "ignored or replaced" (`HttpRequest.headers`), and Cloud Tasks' own. */
function ownHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const isTheirs = /^(host|content-length|user-agent|x-google-.*|x-appengine-.*|x-cloudtasks-.*)$/;
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(lower.filter(([name]) => !isTheirs.test(name)));
}

function toMs(time: ProtoTime | null | undefined): number | undefined {
  if (time === null || time === undefined) return undefined;
  return Number(time.seconds) * 1000 + Math.floor(time.nanos / 1_000_000);
}

function wholeSeconds(time: ProtoTime | null | undefined): number | undefined {
  const ms = toMs(time);
  return ms === undefined ? undefined : Math.floor(ms / 1000) * 1000;
}

function invalid(message: string): Refusal {
  return new Refusal('INVALID_ARGUMENT', message);
}
