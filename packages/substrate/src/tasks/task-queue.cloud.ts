import { randomUUID } from 'node:crypto';
import type { CloudTasksClient, protos } from '@google-cloud/tasks';
import type { CallOptions } from 'google-gax';
import type { Clock } from '../clock/clock.ts';
import { Failure, isFailure } from '../failure/failure.ts';
import { grpcStatus, grpcStatusOf, isPassingStatus } from '../failure/grpc-status.ts';
import { digestText } from '../json/digest.ts';
import type { JsonValue } from '../json/json-value.ts';
import type { Database } from '../orm/database.ts';
import { requireSoundQueue } from './check-queue.ts';
import { encodeTaskBody } from './check-task.ts';
import {
  countDeadTasks,
  type DeadTaskRow,
  deleteDeadTask,
  findDeadTask,
  listDeadTasks,
} from './dead-tasks.ts';
import { encodeTaskOrigin, taskOriginHeader } from './task-origin.ts';
import type { DeadTask, QueueSettings, QueueStats, TaskQueue, TaskRequest } from './task-queue.ts';

export interface CloudTaskQueueOptions {
  readonly projectId: string;
  /** Where the queues are, such as `europe-west1`. */
  readonly location: string;
  /**
   * The service account whose OIDC token comes with every task; the token's audience is the origin of the task's URL. It must be of the
   * project of the queues, and whoever enqueues needs `iam.serviceAccounts.actAs` on it (`OidcToken` in `target.proto`).
   */
  readonly serviceAccount: string;
  /** Where the dead tasks are kept. */
  readonly database: Database;
  readonly clock: Clock;
  /** A stand-in that speaks Cloud Tasks' protocol on this machine, without TLS. Its queues are created by `declare`. */
  readonly port?: number;
}

export interface CloudTaskQueue extends TaskQueue {
  /**
   * Names queues by their settings, so that their tasks have their dispatch deadline (others have 15 minutes, since it stands in the task and
   * not in the queue). In the cloud the rest of the settings is Terraform's and nothing is called; in a stand-in the queue is made so.
   * Fails with `config_invalid` where Cloud Tasks would not have such a queue.
   */
  declare(queues: readonly QueueSettings[]): Promise<void>;
}

/** As the usual service's timeout: of a longer deadline nothing would come. */
const usualDeadlineMs = 900_000;

/** `ListTasksRequest.page_size` allows 1,000. More than ten pages nobody counts. */
const pageSize = 1_000;
const mostCounted = 10_000;

/** "The queue may take a few minutes to re-activate." (`Queue.State.RUNNING`) */
const reactivationMs = 60_000;

/**
 * The library does not repeat a CreateTask by itself, since it cannot know of names. Ours all have one, so that a repetition of what took
 * effect is refused. Longer than 30 s no call may be: "The deadline cannot be more than 30s in the future", Google answers
 * (https://github.com/googleapis/google-cloud-ruby/issues/3941).
 */
const repeated: CallOptions = {
  retry: {
    retryCodes: [grpcStatus.deadlineExceeded, grpcStatus.unavailable],
    backoffSettings: {
      initialRetryDelayMillis: 100,
      retryDelayMultiplier: 2,
      maxRetryDelayMillis: 2_000,
      initialRpcTimeoutMillis: 5_000,
      rpcTimeoutMultiplier: 1,
      maxRpcTimeoutMillis: 5_000,
      totalTimeoutMillis: 15_000,
    },
  },
};

/**
 * Cloud Tasks. What it does not do itself: it keeps no dead task, so whoever answers the last attempt does (`dead-task-keeper.ts`); and it
 * tells only by listing tasks how many there are, so that `stats` stops counting at 10,000. `enqueue` answers `created: false` too where
 * the first of two calls took effect and only its answer was lost. A queue that is missing is `unavailable`, since one that was
 * not used for 30 days looks just so for some minutes; `forbidden` where the service account may not.
 */
export function createCloudTaskQueue(options: CloudTaskQueueOptions): CloudTaskQueue {
  const { projectId, location, serviceAccount, database, clock, port } = options;
  const deadlines = new Map<string, number>();
  let connecting: Promise<CloudTasksClient> | undefined;

  function connect(): Promise<CloudTasksClient> {
    connecting ??= openClient(projectId, port);
    return connecting;
  }

  function queuePath(queue: string): string {
    return `projects/${projectId}/locations/${location}/queues/${queue}`;
  }

  async function create(queue: string, name: string, task: NewTask): Promise<boolean> {
    const client = await connect();
    const headers = { ...task.headers, 'content-type': 'application/json' };
    const origin = { createdAt: clock.now(), headers: Object.keys(task.headers) };
    try {
      await translated(queue, () =>
        client.createTask(
          {
            parent: queuePath(queue),
            task: {
              name: `${queuePath(queue)}/tasks/${name}`,
              httpRequest: {
                url: task.url,
                httpMethod: 'POST',
                headers: { ...headers, [taskOriginHeader]: encodeTaskOrigin(origin) },
                body: Buffer.from(task.body),
                oidcToken: { serviceAccountEmail: serviceAccount, audience: new URL(task.url).origin },
              },
              dispatchDeadline: toDuration(deadlines.get(queue) ?? usualDeadlineMs),
              ...(task.scheduleAt === undefined ? {} : { scheduleTime: toDuration(task.scheduleAt) }),
            },
          },
          repeated,
        ),
      );
      return true;
    } catch (thrown) {
      if (isFailure(thrown, 'already_exists')) return false;
      throw thrown;
    }
  }

  async function deadTask(queue: string, id: string): Promise<DeadTaskRow> {
    const row = await findDeadTask(database, { queue, id }, clock.now());
    if (row === undefined)
      throw new Failure('not_found', 'No dead task of this id', { data: { queue, id: id.slice(0, 100) } });
    return row;
  }

  async function listTasks(queue: string): Promise<readonly protos.google.cloud.tasks.v2.ITask[]> {
    const client = await connect();
    const found: protos.google.cloud.tasks.v2.ITask[] = [];
    let pageToken = '';
    do {
      const request = { parent: queuePath(queue), pageSize, pageToken };
      const [tasks, , page] = await translated(queue, () =>
        client.listTasks(request, { autoPaginate: false }),
      );
      found.push(...tasks);
      pageToken = page?.nextPageToken ?? '';
    } while (pageToken !== '' && found.length < mostCounted);
    return found;
  }

  return {
    async declare(queues) {
      queues.forEach(requireSoundQueue);
      for (const { name, dispatchDeadlineMs } of queues) deadlines.set(name, dispatchDeadlineMs);
      if (port === undefined) return;
      const client = await connect();
      for (const settings of queues)
        await translated(settings.name, () =>
          client.updateQueue({ queue: settingsToQueue(queuePath(settings.name), settings) }),
        );
    },

    async enqueue(task: TaskRequest) {
      const body = encodeTaskBody(task, clock.now());
      const name = task.name ?? randomUUID();
      const { url, scheduleAt } = task;
      const isNew = await create(task.queue, name, {
        url,
        headers: lowerCaseNames(task.headers ?? {}),
        body,
        ...(scheduleAt === undefined ? {} : { scheduleAt }),
      });
      // Of a name that was made up here, only a repetition of this very call can find that it exists.
      return { name, created: isNew || task.name === undefined };
    },

    async stats(queue): Promise<QueueStats> {
      const tasks = await listTasks(queue);
      const created = tasks.map(({ createTime }) => toMs(createTime));
      const running = tasks.filter(isUnderWay).length;
      return {
        pending: tasks.length - running,
        running,
        dead: await countDeadTasks(database, queue, clock.now(), mostCounted),
        oldestCreatedAt: created.length === 0 ? null : Math.min(...created),
      };
    },

    async listDead(queue, limit = 100) {
      return (await listDeadTasks(database, queue, clock.now(), limit)).map(rowToDeadTask);
    },

    async replayDead(queue, id) {
      const { url, headers, body, diedAt } = await deadTask(queue, id);
      // The old name stays taken for an hour. The new one follows from the death: a replay that is repeated, since it was
      // broken off between its two halves, creates nothing twice.
      await create(queue, digestText(`${id} ${diedAt}`), { url, headers, body });
      await deleteDeadTask(database, { queue, id });
    },

    async discardDead(queue, id) {
      await deadTask(queue, id);
      await deleteDeadTask(database, { queue, id });
    },

    async close() {
      await (await connecting)?.close();
    },
  };
}

interface NewTask {
  readonly url: string;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly scheduleAt?: number;
}

/** Google's library is loaded at the first use: it costs about 150 ms. */
async function openClient(projectId: string, port: number | undefined): Promise<CloudTasksClient> {
  const { CloudTasksClient } = await import('@google-cloud/tasks');
  if (port === undefined) return new CloudTasksClient({ projectId });
  // Else the first call waits for a server that only machines of Google's have.
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  const { grpc } = await import('google-gax');
  return new CloudTasksClient({
    projectId,
    apiEndpoint: '127.0.0.1',
    port,
    sslCreds: grpc.credentials.createInsecure(),
  });
}

function settingsToQueue(name: string, { rate, retry }: QueueSettings): protos.google.cloud.tasks.v2.IQueue {
  const { maxAttempts, maxDoublings, minBackoffMs, maxBackoffMs, maxRetryDurationMs = 0 } = retry;
  return {
    name,
    rateLimits: { ...rate },
    retryConfig: {
      maxAttempts,
      maxDoublings,
      minBackoff: toDuration(minBackoffMs),
      maxBackoff: toDuration(maxBackoffMs),
      maxRetryDuration: toDuration(maxRetryDurationMs),
    },
  };
}

/** "If `response_time` is unset, then the task has not been attempted or is currently running." (`Attempt` in `task.proto`) */
function isUnderWay({ lastAttempt }: protos.google.cloud.tasks.v2.ITask): boolean {
  return lastAttempt?.dispatchTime != null && lastAttempt.responseTime == null;
}

function rowToDeadTask(row: DeadTaskRow): DeadTask {
  const { id, queue, name, url, attempts, lastStatus, lastAnswer } = row;
  const body = JSON.parse(row.body) as JsonValue;
  const [createdAt, diedAt] = [Date.parse(row.createdAt), Date.parse(row.diedAt)];
  return { id, queue, name, url, body, attempts, createdAt, diedAt, lastStatus, lastAnswer };
}

/** So that a header given here cannot stand beside one of ours in another spelling. */
function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Of a duration, or of a moment since 1970. */
function toDuration(ms: number): protos.google.protobuf.IDuration {
  return { seconds: Math.floor(ms / 1000), nanos: Math.round(ms % 1000) * 1_000_000 };
}

function toMs(time: protos.google.protobuf.ITimestamp | null | undefined): number {
  return Number(time?.seconds ?? 0) * 1000 + Math.floor((time?.nanos ?? 0) / 1_000_000);
}

async function translated<R>(queue: string, call: () => Promise<R>): Promise<R> {
  try {
    return await call();
  } catch (cause) {
    const code = grpcStatusOf(cause);
    const reason = cause instanceof Error ? cause.message.slice(0, 300) : null;
    const options = { data: { queue, cloudTasksCode: code, reason }, cause };
    if (isPassingStatus(code)) throw new Failure('unavailable', 'Cloud Tasks does not answer', options);
    switch (code) {
      case grpcStatus.alreadyExists:
        throw new Failure('already_exists', 'A task of this name exists, or did lately', options);
      case grpcStatus.invalidArgument:
        throw new Failure('invalid_params', 'Cloud Tasks refuses the task', options);
      case grpcStatus.notFound:
        throw new Failure('unavailable', 'The queue does not exist, or is being woken after 30 idle days', {
          ...options,
          retryAfterMs: reactivationMs,
        });
      case grpcStatus.permissionDenied:
      case grpcStatus.unauthenticated:
        throw new Failure('forbidden', 'This service account may not use the queue', options);
      case grpcStatus.failedPrecondition:
        throw new Failure('config_invalid', 'The queue or its project is not ready for tasks', options);
      default:
        throw new Failure('internal', 'Cloud Tasks failed', options);
    }
  }
}
