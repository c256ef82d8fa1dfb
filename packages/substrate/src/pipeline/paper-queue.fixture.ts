import { z } from 'zod';
import type { JsonObject } from '../json/json-value.ts';
import type { Route } from '../testing/simulator/exchange.ts';
import type { DeltaList, DeltaWord, Feed } from '../vendor/feed.ts';

/**
 * Paper School's queue of messages about orgs and users: at least once, in order, and forgotten up to the number that the next request names.
 * Those about orgs hold the record, those about users its id alone. One queue for both.
 */
const Message = z.object({
  number: z.number(),
  of: z.string(),
  id: z.string(),
  op: z.string(),
  record: z.record(z.string(), z.json()).optional(),
});
const Answer = z.object({ messages: z.array(Message) });

export interface QueueMessage {
  readonly number: number;
  readonly of: 'org' | 'user';
  readonly id: string;
  /** `put`, `gone`, or what nobody has heard of. */
  readonly op: string;
  /** Of an org that was put. */
  readonly record?: JsonObject;
}

export const queueFeed: Feed = {
  since: (entityType) => (entityType === 'demographics' ? undefined : [queueOf(entityType)]),
  keptDays: 5,
};

function queueOf(entityType: string): DeltaList {
  return {
    collection: {
      path: '/queue',
      member: 'messages',
      query: { after: '0' },
      paging: {
        kind: 'token',
        tokenParameter: 'after',
        tokenIn: (json) => Answer.parse(json).messages.at(-1)?.number.toString(),
      },
    },
    isConsumed: true,
    says: (record) => wordsOf(entityType, Message.parse(record)),
  };
}

function wordsOf(
  entityType: string,
  { of, op, id, number, record }: z.output<typeof Message>,
): readonly DeltaWord[] {
  if (of !== entityType) return [];
  if (op === 'gone') return [{ deleted: id }];
  if (op !== 'put') return [{ unclear: `message ${number} says ${op}` }];
  return [record === undefined ? { named: id } : { changed: record }];
}

const pageSize = 2;

/** `GET /queue?after=3` forgets messages up to the third, and shows the next ones. */
export function queueRoute(data: { queue: QueueMessage[] }): Route {
  return ({ query }) => {
    const after = Number(query.get('after'));
    data.queue = data.queue.filter(({ number }) => number > after);
    const messages = data.queue.slice(0, pageSize) as unknown as JsonObject[];
    return { status: 200, json: { messages } };
  };
}
