import { randomUUID } from 'node:crypto';
import { createDispatchingQueue, type DispatchingQueue, type QueueConfig } from './cloud-tasks-queue.ts';
import {
  configToProto,
  type ProtoQueue,
  type ProtoTask,
  readConfig,
  readNewTask,
  taskToProto,
  toTimestamp,
} from './cloud-tasks-wire.ts';
import { type GrpcServer, type GrpcServerOptions, Refusal, serveGrpc } from './grpc-server.ts';
import { createIdTokens, type IdTokens } from './id-tokens.ts';
import type { StandInClock } from './stand-in-clock.ts';

export interface CloudTasksOptions extends GrpcServerOptions {
  readonly clock: StandInClock;
  /** So that other stand-ins can sign with the same key. */
  readonly idTokens?: IdTokens;
}

export interface CloudTasksStandIn extends GrpcServer {
  /** Signs the tokens of dispatches; its public keys are what a receiver verifies them with. */
  readonly idTokens: IdTokens;
  /** The next calls are refused so; `after` once they have taken effect, as when only the answer is lost. */
  refuse(code: Parameters<typeof refusal>[0], times: number, when?: 'before' | 'after'): void;
}

interface OpenQueue {
  readonly queue: DispatchingQueue;
  purgedAt: number | undefined;
}

type View = 'VIEW_UNSPECIFIED' | 'BASIC' | 'FULL';

/** `ListTasksRequest.page_size`: "The maximum page size is 1000." */
const maximumPageSize = 1_000;

/**
 * Cloud Tasks for HTTP tasks: queues, tasks and their dispatch, with names, limits, retries and de-duplication as
 * `google/cloud/tasks/v2/*.proto` have them; refusals carry Google's code and, where known, its words. It knows no permissions, no
 * App Engine, and nothing outlives the process.
 */
export async function startCloudTasks({
  clock,
  idTokens: given,
  ...options
}: CloudTasksOptions): Promise<CloudTasksStandIn> {
  const idTokens = given ?? (await createIdTokens(clock));
  const queues = new Map<string, OpenQueue>();
  let refusals: { readonly error: Refusal; readonly when: 'before' | 'after'; left: number } | undefined;

  function open(name: string): OpenQueue {
    const found = queues.get(name);
    if (found === undefined) throw refusal('NOT_FOUND', 'Queue does not exist.');
    return found;
  }

  function create(name: string, config: QueueConfig): OpenQueue {
    // "QUEUE_ID can contain letters ([A-Za-z]), numbers ([0-9]), or hyphens (-). The maximum length is 100 characters." (`Queue.name`)
    if (!/^projects\/[\w:.-]+\/locations\/[\w-]+\/queues\/[A-Za-z0-9-]{1,100}$/.test(name))
      throw refusal('INVALID_ARGUMENT', `Queue name is malformed: ${name}`);
    const queue = createDispatchingQueue(shortName(name), config, clock, idTokens.tokenFor);
    const opened = { queue, purgedAt: undefined };
    queues.set(name, opened);
    return opened;
  }

  function describe(name: string): object {
    const { queue, purgedAt } = open(name);
    return {
      name,
      ...configToProto(queue.config),
      state: queue.isPaused ? 'PAUSED' : 'RUNNING',
      purgeTime: purgedAt === undefined ? null : toTimestamp(purgedAt),
    };
  }

  function setPaused(name: string, isPaused: boolean): object {
    const { queue } = open(name);
    queue.isPaused = isPaused;
    queue.wake();
    return describe(name);
  }

  function findTask(name: string) {
    const [parent = '', id = ''] = name.split('/tasks/');
    const { queue } = open(parent);
    const task = queue.get(id);
    if (task === undefined) throw refusal('NOT_FOUND', 'Requested entity was not found.');
    return { queue, task };
  }

  const server = await serveGrpc(
    {
      client: '@google-cloud/tasks',
      proto: 'google/cloud/tasks/v2/cloudtasks.proto',
      service: 'google.cloud.tasks.v2.CloudTasks',
      methods: counted({
        CreateQueue({ queue }: { readonly queue: ProtoQueue }) {
          if (queues.has(queue.name)) throw refusal('ALREADY_EXISTS', 'Queue already exists');
          create(queue.name, readConfig(queue));
          return describe(queue.name);
        },

        GetQueue: ({ name }: { readonly name: string }) => describe(name),

        /** "This method creates the queue if it does not exist". An update mask is not looked at: everything is updated, as without one. */
        UpdateQueue({ queue }: { readonly queue: ProtoQueue }) {
          const config = readConfig(queue);
          const opened = queues.get(queue.name) ?? create(queue.name, config);
          opened.queue.config = config;
          opened.queue.wake();
          return describe(queue.name);
        },

        PauseQueue: ({ name }: { readonly name: string }) => setPaused(name, true),
        ResumeQueue: ({ name }: { readonly name: string }) => setPaused(name, false),

        PurgeQueue({ name }: { readonly name: string }) {
          const opened = open(name);
          for (const { id } of opened.queue.list()) opened.queue.remove(id);
          opened.purgedAt = clock.now();
          return describe(name);
        },

        CreateTask({ parent, task, responseView }: CreateTaskRequest) {
          const { queue } = open(parent);
          const given = readNewTask(parent, task, clock.now());
          const taken = given.id === '' ? false : queue.isNameTaken(given.id);
          if (taken === 'exists') throw refusal('ALREADY_EXISTS', 'Requested entity already exists');
          if (taken === 'existed')
            throw refusal(
              'ALREADY_EXISTS',
              'The task cannot be created because a task with this name existed too recently.',
            );
          const added = queue.add({ ...given, id: given.id === '' ? randomUUID() : given.id });
          return taskToProto(parent, added, responseView === 'FULL');
        },

        GetTask({ name, responseView }: { readonly name: string; readonly responseView: View }) {
          return taskToProto(name.split('/tasks/')[0] ?? '', findTask(name).task, responseView === 'FULL');
        },

        ListTasks({ parent, pageSize, pageToken, responseView }: ListTasksRequest) {
          const all = open(parent).queue.list();
          const from = Number(pageToken);
          const to = from + Math.min(maximumPageSize, pageSize === 0 ? maximumPageSize : pageSize);
          return {
            tasks: all.slice(from, to).map((task) => taskToProto(parent, task, responseView === 'FULL')),
            nextPageToken: to < all.length ? String(to) : '',
          };
        },

        DeleteTask({ name }: { readonly name: string }) {
          const { queue, task } = findTask(name);
          queue.remove(task.id);
          return {};
        },
      }),
    },
    options,
  );

  /** Lets `refuse` have its say around every method. */
  function counted<Methods extends Record<string, (request: never) => object>>(methods: Methods): Methods {
    const wrapped = Object.entries(methods).map(([name, handle]) => {
      const guarded = (request: never) => {
        const due = refusals !== undefined && refusals.left-- > 0 ? refusals : undefined;
        if (due?.when === 'before') throw due.error;
        const answer = handle(request);
        if (due !== undefined) throw due.error;
        return answer;
      };
      return [name, guarded];
    });
    return Object.fromEntries(wrapped) as Methods;
  }

  return {
    port: server.port,
    idTokens,
    refuse: (code, times, when = 'before') => {
      refusals = { error: refusal(code, 'Refused by a test'), when, left: times };
    },
    async close() {
      await Promise.all([...queues.values()].map(({ queue }) => queue.close()));
      await server.close();
    },
  };
}

interface CreateTaskRequest {
  readonly parent: string;
  readonly task: ProtoTask;
  readonly responseView: View;
}

interface ListTasksRequest {
  readonly parent: string;
  readonly pageSize: number;
  readonly pageToken: string;
  readonly responseView: View;
}

function refusal(code: ConstructorParameters<typeof Refusal>[0], message: string): Refusal {
  return new Refusal(code, message);
}

function shortName(name: string): string {
  return name.split('/').at(-1) ?? '';
}
