import { Failure } from '../failure/failure.ts';
import type { Change } from './change.ts';

export interface BatchLimits {
  readonly maxCount: number;
  /** Of the message's data; a change that alone is larger than `largestChangeBytes` cannot be sent at all. */
  readonly maxBytes: number;
  /** How long a change may wait for others to fill its batch. */
  readonly maxAgeMs: number;
}

/** Leaves room for the attributes below the bus's 9 MB. */
export const largestChangeBytes = 8_900_000;

export interface Batch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly count: number;
  /** UTF-8 JSON: `{"changes":[…]}`. */
  readonly data: Uint8Array;
}

export interface Batcher {
  /** Takes a change; answers the batch that it completes, if any. Fails with `too_large`, naming the change, which is then not in. */
  add(change: Change, now: number): Batch | null;
  /** Whether what is held has waited long enough. */
  isDue(now: number): boolean;
  /** What is held, however little; null when that is nothing. */
  flush(): Batch | null;
}

const opening = '{"changes":[';
const closing = ']}';

/** Pure. Gathers changes, in order, into messages by count, bytes and age. */
export function createBatcher(limits: BatchLimits): Batcher {
  let texts: string[] = [];
  let bytes = 0;
  let firstSequence = 0;
  let lastSequence = 0;
  let openedAt = 0;

  function add(change: Change, now: number): Batch | null {
    const text = JSON.stringify(change);
    const size = Buffer.byteLength(text) + 1;
    if (size > largestChangeBytes) throw refuse(change, size);
    const isOver = texts.length > 0 && bytes + size + closing.length > limits.maxBytes;
    const full = isOver ? flush() : null;
    if (texts.length === 0) {
      openedAt = now;
      firstSequence = change.sequence;
      bytes = opening.length;
    }
    texts.push(text);
    bytes += size;
    lastSequence = change.sequence;
    return full ?? (texts.length >= limits.maxCount ? flush() : null);
  }

  function flush(): Batch | null {
    if (texts.length === 0) return null;
    const data = Buffer.from(opening + texts.join(',') + closing);
    const batch = { firstSequence, lastSequence, count: texts.length, data };
    texts = [];
    return batch;
  }

  return { add, flush, isDue: (now) => texts.length > 0 && now - openedAt >= limits.maxAgeMs };
}

function refuse(change: Change, bytes: number): Failure {
  const { changeId, customerId, integrationId, entityType, recordId, sequence } = change;
  return new Failure('too_large', 'One change is larger than a message may be', {
    data: {
      changeId,
      customerId,
      integrationId,
      entityType,
      recordId,
      sequence,
      bytes,
      maximumBytes: largestChangeBytes,
    },
  });
}
