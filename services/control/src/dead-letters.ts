import type { DeadMessage } from '@flotilla/substrate/egress/change-bus';
import { warehouseSubscription } from '@flotilla/substrate/egress/relay';
import { Failure } from '@flotilla/substrate/failure';
import { findNearest } from '@flotilla/substrate/failure/find-nearest';
import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import { contexts, queueName } from '@flotilla/substrate/pipeline';
import type { DeadTask } from '@flotilla/substrate/tasks/task-queue';
import type { Control } from './control.ts';
import { controlQueue } from './night-start.ts';

export const deadLetterKinds = ['task', 'message'] as const;
export type DeadLetterKind = (typeof deadLetterKinds)[number];

/** Where dead letters of one kind lie: tasks in a queue, messages in a subscription. */
export interface DeadLetterPlace {
  readonly kind: DeadLetterKind;
  readonly queue: string;
}

/** What was given up, as people may see it: nothing of a message's data or a task's headers. */
export interface DeadLetter extends DeadLetterPlace {
  readonly id: string;
  /** A task's. */
  readonly name: string | null;
  /** The door that a task is sent to. */
  readonly path: string | null;
  /** A message's; empty without order. */
  readonly orderingKey: string | null;
  /** Whose it is and which part of it, in the few words that are known to be harmless. */
  readonly about: JsonObject;
  readonly bytes: number;
  /** Null, as the next: the bus did not say. */
  readonly attempts: number | null;
  readonly createdAt: string | null;
  readonly diedAt: string;
  readonly lastStatus: number | null;
  readonly lastAnswer: string;
}

/** The members of a task's body and the attributes of a message that are shown. */
const shown = [
  'customerId',
  'integrationId',
  'runId',
  'slice',
  'night',
  'at',
  'format',
  'firstSequence',
  'lastSequence',
  'count',
];
const shownCharacters = 200;

/** Those of one place, latest first. */
export async function listDeadIn(
  { tasks, bus }: Pick<Control, 'tasks' | 'bus'>,
  { kind, queue }: DeadLetterPlace,
  limit: number,
): Promise<readonly DeadLetter[]> {
  return kind === 'task'
    ? (await tasks.listDead(queue, limit)).map(taskToLetter)
    : (await bus.listDead(queue, limit)).map(messageToLetter);
}

/** Every place of the fleet in which something can die, or those of this kind or name. Fails with `invalid_params`, naming those there are. */
export function findPlaces(
  { vendors }: Pick<Control, 'vendors'>,
  { kind, queue }: { readonly kind?: DeadLetterKind | undefined; readonly queue?: string | undefined },
): readonly DeadLetterPlace[] {
  const queues = [
    controlQueue,
    ...vendors.flatMap((vendor) => contexts.map((each) => queueName(vendor, each))),
  ];
  const places = [
    ...queues.map((name) => ({ kind: 'task' as const, queue: name })),
    { kind: 'message' as const, queue: warehouseSubscription },
  ].filter((place) => kind === undefined || place.kind === kind);
  const found = places.filter((place) => queue === undefined || place.queue === queue);
  if (found.length > 0 || queue === undefined) return found;
  const names = places.map((place) => place.queue);
  const near = findNearest(queue, names);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  const message = `none of the fleet's ${kind === 'message' ? 'subscriptions' : 'queues'} (${names.join(', ')})${hint}`;
  throw new Failure('invalid_params', 'There is no such queue', {
    data: { issues: [{ pointer: '/queue', message }] },
  });
}

function taskToLetter({ url, body, createdAt, diedAt, ...task }: DeadTask): DeadLetter {
  const { id, queue, name, attempts, lastStatus, lastAnswer } = task;
  return {
    kind: 'task',
    queue,
    id,
    name,
    path: URL.parse(url)?.pathname ?? null,
    orderingKey: null,
    about: pickShown(body),
    bytes: Buffer.byteLength(JSON.stringify(body)),
    attempts,
    createdAt: new Date(createdAt).toISOString(),
    diedAt: new Date(diedAt).toISOString(),
    lastStatus,
    lastAnswer,
  };
}

function messageToLetter({
  messageId,
  subscription,
  publishedAt,
  diedAt,
  ...message
}: DeadMessage): DeadLetter {
  const { orderingKey, attributes, bytes, attempts, lastStatus, lastAnswer } = message;
  return {
    kind: 'message',
    queue: subscription,
    id: messageId,
    name: null,
    path: null,
    orderingKey,
    about: pickShown(attributes),
    bytes,
    attempts: Number.isInteger(attempts) ? attempts : null,
    createdAt: Number.isNaN(publishedAt) ? null : new Date(publishedAt).toISOString(),
    diedAt: new Date(diedAt).toISOString(),
    lastStatus,
    lastAnswer,
  };
}

function pickShown(value: JsonValue): JsonObject {
  return isJsonObject(value)
    ? Object.fromEntries(
        shown.flatMap((name) => toShown(name, Object.hasOwn(value, name) ? value[name] : null)),
      )
    : {};
}

/** Whoever may publish may write anything into an attribute. */
function toShown(
  name: string,
  value: JsonValue | undefined,
): readonly (readonly [string, string | number])[] {
  if (typeof value === 'number') return [[name, value]];
  return typeof value === 'string' ? [[name, value.slice(0, shownCharacters).toWellFormed()]] : [];
}
